import type { PlanInput } from "../../components/plan/plan.ts";

/** The flags and settings of an update, as `pulumi config set-all` takes them. */
const flagsAndSettings = [
  'const config = JSON.parse(require("node:fs").readFileSync(0))[0].config;',
  "JSON.stringify(Object.fromEntries(Object.entries(config).filter(([key]) => /:(flags|settings)$/.test(key))))",
].join(" ");

const pods = "app=wabot,version=stable";

/** Rows B1, B2; and B4, B5 as far as no level carries them out. */
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
      "Code and database together, 30 to 60 minutes, high risk, only when nothing else helps. It becomes a level when the levels of the database are there. Until then Strategy 3's",
      "commands carry out its maintenance and code; these up to the count of migrations go between their second `pulumi up` and the third, the checks after the third. First answer:",
      "how far does the corruption go, can it be mended without this, how much loss is acceptable, what is in flight? The integrity queries above tell. What was written since the",
      "backup is lost, so keep the current state first; a backup counts once `pg_restore --list` can read it. At the end the log is without errors.",
    ].join(" "),
    commands: [
      'BACKUP_FILE="backup_rollback_$(date +%Y%m%d_%H%M%S).sql"',
      "pg_dump -h $DB_HOST -U $DB_USER -d $DB_NAME -F c -f $BACKUP_FILE",
      "pg_restore --list $BACKUP_FILE | head -20",
      "aws s3 cp $BACKUP_FILE s3://<bucket>/production/rollbacks/",
      "aws s3 cp s3://<bucket>/production/<backup before the deployment> .",
      "pg_restore -h $DB_HOST -U $DB_USER -d $DB_NAME -c <backup before the deployment>",
      "psql -h $DB_HOST -U $DB_USER -d $DB_NAME -c \"SELECT COUNT(*) FROM django_migrations WHERE app = 'bot';\"",
      "kubectl exec deployment/wabot -- python manage.py check",
      "kubectl exec deployment/wabot -- python manage.py showmigrations",
      'kubectl exec deployment/wabot -- python manage.py dbshell -c "SELECT 1;"',
      "kubectl exec deployment/wabot -- python manage.py check_data_integrity --verbose",
      "kubectl exec deployment/wabot -- python manage.py test_conversation_flow --tenant-id=<tenant>",
      "kubectl exec deployment/wabot -- pytest apps/bot/tests/ -v",
    ],
  },
  {
    problem: "The database was restored: what was lost?",
    answer:
      "The window is from the deployment to the rollback; affected are the conversations that changed and the messages that were written in it. The forensic backup has them.",
    commands: [
      "psql -c \"SELECT COUNT(*) FROM messaging_conversation WHERE updated_at BETWEEN '<deployment>' AND '<rollback>';\" # of the forensic backup",
      "psql -c \"SELECT COUNT(*) FROM messaging_message WHERE created_at BETWEEN '<deployment>' AND '<rollback>';\" # of the forensic backup",
    ],
  },
  {
    problem: "Lost messages can be recovered",
    answer: "From the forensic backup, restored beside the database: export, a dry run, review, and only then for good.",
    commands: [
      "pg_restore -h $DB_HOST -U $DB_USER -d temp_recovery_db -C $BACKUP_FILE",
      "psql -h $DB_HOST -U $DB_USER -d temp_recovery_db -c \"COPY (SELECT * FROM messaging_message WHERE created_at >= '<deployment>') TO '/tmp/lost_messages.csv' CSV HEADER;\"",
      "python manage.py import_lost_messages /tmp/lost_messages.csv --dry-run",
      "python manage.py import_lost_messages /tmp/lost_messages.csv --confirm",
    ],
  },
];
