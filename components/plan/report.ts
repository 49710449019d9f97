import { z } from "zod";

/** What of a rollback's record can fill a field; what is not on record stays a gap. */
const recorded = z.enum([
  /** The plan's title. */
  "title",
  /** The level's title. */
  "level",
  "executedBy",
  "approvedBy",
  "reason",
  "severity",
  "incident",
  /** Everything that was typed, or stands for it. */
  "commands",
  /** Each lever that was changed: before and after. */
  "changes",
  /** Each update of the rollback, and of others for the same incident: when, what, how long, how it ended. */
  "steps",
  "startedAt",
  "endedAt",
  "verifiedAt",
  /** How long it took, and how long the level may take. */
  "took",
  /** When the level was last rehearsed. */
  "drilled",
  /** Titles of the probes that held. */
  "probes",
  /** Whether a probe of the error rate held. */
  "errorRate",
  /** Whether a probe of the latency held. */
  "latency",
  /** Whether a probe of an answer held. */
  "answers",
]);

/** Names of {@link recorded}. */
export type Recorded = z.output<typeof recorded>;

const field = z.strictObject({
  /** As it stands in the report. */
  title: z.string(),
  /** A line of text, a paragraph, a moment on the timeline, numbered lines, something to tick, or a name and a time. */
  type: z.enum(["text", "paragraph", "moment", "list", "check", "signature"]),
  /** What to put there, where the title does not tell. */
  what: z.string().optional(),
  /** Where the record of the rollback tells; a person fills in the rest. */
  from: recorded.optional(),
});

/** What is written down about a rollback: a form that is filled in from its record and by the people who carried it out. */
export const report = z
  .strictObject({
    title: z.string(),
    /** In order; the first one may have no title. */
    sections: z.array(z.strictObject({ title: z.string().optional(), fields: z.record(z.string(), field) })).min(1),
  })
  .superRefine(({ sections }, context) => {
    const names = sections.flatMap(({ fields }, index) => Object.keys(fields).map((name) => ({ index, name })));
    for (const { index, name } of names) {
      const first = names.find((other) => other.name === name)?.index;
      if (first === index) continue;
      context.addIssue({ code: "custom", path: ["sections", index, "fields", name], message: `is in sections[${first}] too` });
    }
  });
