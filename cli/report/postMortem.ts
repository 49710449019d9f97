import type { Plan, Report } from "../../components/plan/plan.ts";
import type { Recorded } from "../../components/plan/report.ts";

/** Its name beside the plan's own reports. */
export const postMortemName = "postMortem";

type Fields = Report["sections"][number]["fields"];

const recorded = (title: string, from: Recorded) => ({ title, type: "text" as const, from });
const paragraph = (title: string) => ({ title, type: "paragraph" as const });
const list = (title: string, from?: Recorded) => ({ title, type: "list" as const, from });
const section = (title: string, fields: Fields) => ({ title, fields });

/**
 * The skeleton of a post-mortem, for every plan: what is on record, and the places for what people found out. The sections are those
 * of the teams' documents (rows M9, C8, E10); what is left to do is the plan's own `afterwards`.
 */
export function postMortem({ title, triggers, afterwards }: Plan): Report {
  const alerts = Object.keys(triggers).join(", ");
  return {
    title: `Post-mortem: ${title}`,
    sections: [
      {
        fields: {
          incident: recorded("Incident", "incident"),
          severity: recorded("Severity", "severity"),
          level: recorded("Rollback", "level"),
          executedBy: recorded("Carried out by", "executedBy"),
          approvedBy: recorded("Approved by", "approvedBy"),
          took: recorded("Took", "took"),
          drilled: recorded("Last drilled before", "drilled"),
        },
      },
      section("What triggered it", {
        reason: recorded("Reason", "reason"),
        alert: { title: "Alert", type: "text", what: alerts ? `which of: ${alerts}` : "which" },
      }),
      section("What the impact was", { impact: paragraph("Who noticed what, from when to when") }),
      section("Timeline", {
        detected: { title: "Issue detected", type: "moment" },
        decided: { title: "Rollback decided", type: "moment" },
        steps: { title: "Updates", type: "moment", from: "steps" },
        verified: { title: "Rollback verified", type: "moment", from: "verifiedAt" },
        closed: { title: "Incident closed", type: "moment" },
      }),
      section("What was changed", { changes: list("Lever", "changes") }),
      section("What was typed", { commands: list("Command", "commands") }),
      section("What was verified", { probes: list("Probe", "probes") }),
      section("Root cause", { cause: paragraph("Root cause") }),
      section("Why it was not caught before", { gaps: paragraph("Gaps in tests and monitoring") }),
      section("What went well", { well: list("What went well") }),
      section("What could be improved", { better: list("What could be improved") }),
      ...afterwards.map(({ within, title: heading, steps }, index) =>
        section(
          `Within ${within}: ${heading}`,
          Object.fromEntries(steps.map((step, at) => [`action${index + 1}.${at + 1}`, { title: step, type: "check" as const }])),
        ),
      ),
    ],
  };
}
