import { runbookFolder, runbookUrl } from "../../components/alerts/runbookUrl.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { duration } from "../../components/plan/words.ts";
import { sectionsOf } from "./charts.ts";
import { panelsOf, variables } from "./panels.ts";

/** The last version of this form of dashboards (Grafana 12.3); older ones bring it up to date themselves. */
const schemaVersion = 42;

/** A plan's system as a Grafana dashboard. */
export function dashboardOf(plan: Plan) {
  const links = Object.entries(plan.levels).map(([name, level]) => ({
    type: "link",
    icon: "doc",
    title: `${level.title} (${duration(level.rtoSeconds)})`,
    url: runbookUrl(plan, variables.runbooks, name),
    targetBlank: true,
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    tags: [],
    tooltip: level.when.join(". "),
  }));
  return {
    uid: `rollback-${plan.system}`.slice(0, 40),
    title: `${plan.title}: rollback`,
    description: `Written from stacks/${plan.system}.ts by npm run dashboards; change the plan, not this file.`,
    tags: ["rollback", plan.system],
    schemaVersion,
    editable: true,
    graphTooltip: 1,
    time: { from: "now-3h", to: "now" },
    refresh: "30s",
    timezone: "browser",
    links,
    templating: { list: [datasourceVariable, runbooksVariable] },
    annotations: { list: [] },
    panels: panelsOf(plan, sectionsOf(plan)),
  };
}

export type Dashboard = ReturnType<typeof dashboardOf>;

const datasourceVariable = {
  name: "datasource",
  label: "Prometheus",
  type: "datasource",
  query: "prometheus",
  regex: "",
  refresh: 1,
  multi: false,
  includeAll: false,
  current: {},
  options: [],
  hide: 0,
};

/** Where the runbook pages are found: an address, so that links lead there. */
const runbooksVariable = {
  name: "runbooks",
  label: "Runbooks",
  type: "textbox",
  query: runbookFolder,
  current: { selected: true, text: runbookFolder, value: runbookFolder },
  options: [{ selected: true, text: runbookFolder, value: runbookFolder }],
  hide: 0,
};

export const dashboardFile = (plan: Plan): string => `${JSON.stringify(dashboardOf(plan), undefined, 2)}\n`;
