import { z } from "zod";
import { list } from "./list.ts";
import { integer, quote, text } from "./scalars.ts";

const project = text().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
  error: ({ input }) =>
    `${quote(input)} is not the ID of a project; expected 6 to 30 lowercase letters, digits and hyphens, a letter first (gcloud projects list)`,
});

const location = text().regex(/^[a-z]+-[a-z]+[0-9]+$/, {
  error: ({ input }) => `${quote(input)} is not a region; expected one like europe-west1 (gcloud compute regions list)`,
});

const channel = z.string().regex(/^projects\/[^/]+\/notificationChannels\/[^/]+$/, {
  error: ({ input }) =>
    `${quote(input)} is not a notification channel; expected projects/<project>/notificationChannels/<id> (gcloud beta monitoring channels list)`,
});

const channels = list({
  path: "gcp.notificationChannels",
  noun: "notification channel",
  known: undefined,
  tooLong: {
    advice: "A policy takes up to 16.",
    command: "pulumi config set --path gcp.notificationChannels projects/<project>/notificationChannels/<id>",
  },
}).pipe(z.array(channel).max(16, { error: "a policy takes up to 16 notification channels" }));

/** The Google Cloud around a stack on GKE; without it nothing of Google Cloud is loaded or made. */
export const gcp = z.strictObject(
  {
    /** ID of the cluster's project, where everything is made. */
    project,
    /** Region that credentials and kept logs stay in; default: wherever Google replicates them to. */
    location: location.optional(),
    /** Who is told when an alert policy opens an incident. */
    notificationChannels: channels.default([]),
    /** How long the canary's logs are kept, in days (row M9). */
    logRetentionDays: integer(1, 3650).default(90),
  },
  { error: "expected { project, … }" },
);
