import { z } from "zod";

/** What of a rollback's record can fill a field. */
const recorded = z.enum(["title", "level", "executedBy", "reason", "commands", "startedAt", "endedAt", "verifiedAt"]);

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
