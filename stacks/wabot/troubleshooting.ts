import type { PlanInput } from "../../components/plan/plan.ts";

/** The flags and settings of an update, as `pulumi config set-all` takes them. */
const flagsAndSettings = [
  'const config = JSON.parse(require("node:fs").readFileSync(0))[0].config;',
  "JSON.stringify(Object.fromEntries(Object.entries(config).filter(([key]) => /:(flags|settings)$/.test(key))))",
].join(" ");

const pods = "app=wabot,version=stable";

/** Rows B1, B2, and what goes with B4 and B5. */
export const troubleshooting: PlanInput["troubleshooting"] = [
  {
    problem: "Which enhancement is it?",
    answer:
      "Two minutes for the log: recent errors, and those of each enhancement. The harmonization failures of the last hour are a query above.",
    commands: [
      `kubectl logs -l ${pods} --tail=1000 | grep ERROR`,
      ...["MessageHarmonizationService", "ReferenceContextManager", "GroundedResponseValidator"].map(
        (name) => `kubectl logs -l ${pods} --tail=-1 | grep ${name} | tail -50`,
      ),
    ],
  },
  {
    problem: "The settings have to be as they were before the last change, not the defaults",
    answer:
      "Nothing has to be backed up: every update keeps the config that it was made with. `--page 2` is the update before the last one, `--page 3` the one before that; only flags and settings are taken from it.",
    commands: [
      "pulumi stack history",
      "pulumi config rm flags",
      "pulumi config rm settings",
      `pulumi config set-all --json "$(pulumi stack history --output json --page-size 1 --page 2 | node -p '${flagsAndSettings}')"`,
      "pulumi up",
    ],
  },
  {
    problem: "It is over: the enhancement has to come back",
    answer: "Once the cause is found and the fix is deployed. What a stack does not say is on for everyone.",
    commands: ["pulumi config rm --path flags.<enhancement>", "pulumi up"],
  },
  {
    problem: "Data are corrupt, the schema is wrong, or a migration failed: Strategy 4",
    answer: [
      "Code and database together, 30 to 60 minutes, high risk, only when nothing else helps. First answer: how far does the corruption go, can it be mended without this, how much loss",
      "is acceptable, what is in flight? The integrity queries tell. What was written since the backup is lost but for the forensic backup, which the level takes just before it",
      "restores. At the end the log is without errors.",
    ].join(" "),
    commands: [
      "rollback data check",
      "rollback data backups",
      "rollback to database --choose database.restore=<backup before the deployment>",
      "kubectl exec deployment/wabot -- python manage.py check",
      "kubectl exec deployment/wabot -- python manage.py showmigrations",
      "kubectl exec deployment/wabot -- python manage.py check_data_integrity --verbose",
      "kubectl exec deployment/wabot -- python manage.py test_conversation_flow --tenant-id=<tenant>",
      "kubectl exec deployment/wabot -- pytest apps/bot/tests/ -v",
    ],
  },
  {
    problem: "The database was restored: what was lost?",
    answer:
      "Since when, and how many conversations and messages: the forensic backup has them, and `rollback data backups` says which one it is.",
    commands: ["rollback data backups", "rollback data loss <forensic backup>"],
  },
  {
    problem: "Lost messages can be recovered",
    answer: "From the forensic backup: tried first, with the rows counted, and only then for good. What is in the database stays as it is.",
    commands: ["rollback data recover <forensic backup>"],
  },
];
