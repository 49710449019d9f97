import { check } from "./check.ts";
import { completion } from "./completion.ts";
import { data } from "./data.ts";
import { evidence } from "./evidence.ts";
import { history } from "./history.ts";
import { lastGood } from "./lastGood.ts";
import { monitor } from "./monitor.ts";
import { notify } from "./notify.ts";
import { report } from "./report.ts";
import { runbook } from "./runbook.ts";
import { status } from "./status.ts";
import { to } from "./to.ts";
import { undo } from "./undo.ts";
import { verify } from "./verify.ts";

/** Every command, in the order in which `rollback --help` lists them. A new one is a file beside this one and a line here. */
export const commands = {
  status,
  check,
  to,
  undo,
  lastGood,
  verify,
  monitor,
  history,
  runbook,
  notify,
  report,
  evidence,
  data,
  completion,
};
