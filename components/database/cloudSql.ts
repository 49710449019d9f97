import type { PlanInput } from "../plan/plan.ts";

/** Cloud SQL names a backup by a number of its own, which only its list tells: it is looked up by its description. */
const backup = `
: "\${INSTANCE:?names no instance; set database.managed.env.INSTANCE}"
: "\${SCRATCH_INSTANCE:?names no instance that a trial restore may overwrite; set database.managed.env.SCRATCH_INSTANCE}"
if [ "$INSTANCE" = "$SCRATCH_INSTANCE" ]; then
  echo "SCRATCH_INSTANCE is $INSTANCE, the instance in use, which the trial restore would overwrite; name another one" >&2
  exit 1
fi
gcloud sql backups create --instance="$INSTANCE" --description="$BACKUP" --quiet
id=$(gcloud sql backups list --instance="$INSTANCE" --filter="description=$BACKUP AND status=SUCCESSFUL" --sort-by="~endTime" --limit=1 --format="value(id)")
if [ -z "$id" ]; then
  echo "$INSTANCE has no successful backup with the description $BACKUP; look with: gcloud sql backups list --instance=$INSTANCE" >&2
  exit 1
fi
taken=$(gcloud sql backups describe "$id" --instance="$INSTANCE" --format="value(endTime)")
gcloud sql backups restore "$id" --backup-instance="$INSTANCE" --restore-instance="$SCRATCH_INSTANCE" --quiet
printf '{"file":"%s","takenAt":"%s","restoredAt":"%s"}\\n' "$id" "$taken" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
`;

const restore = `
: "\${INSTANCE:?names no instance; set database.managed.env.INSTANCE}"
gcloud sql backups restore "$BACKUP" --restore-instance="$INSTANCE" --quiet
printf '{"file":"%s"}\\n' "$BACKUP"
`;

const script = (text: string): string[] => ["bash", "-euo", "pipefail", "-c", text.trim()];

/**
 * A plan's `database.managed` for Cloud SQL: an on-demand backup by `gcloud sql backups create`, proved by `gcloud sql backups restore` into a
 * scratch instance, and restored by the same into the instance in use. The stack's `database.managed.env` names both instances, `INSTANCE`
 * and `SCRATCH_INSTANCE`, and the project, `CLOUDSDK_CORE_PROJECT`.
 */
export const cloudSql: NonNullable<NonNullable<PlanInput["database"]>["managed"]> = { backup: script(backup), restore: script(restore) };
