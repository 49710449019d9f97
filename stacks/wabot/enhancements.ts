import type { PlanInput, Probe } from "../../components/plan/plan.ts";

const enhancement = (description: string, variable: string) => ({
  description,
  rows: ["B1"],
  default: true,
  env: { enabled: `ENABLE_${variable}`, except: { tenants: `${variable}_DISABLED_TENANTS` } },
});

/** Row B1: four enhancements, each on or off for all tenants or for single ones, and a name for all four. */
export const flags = {
  known: {
    harmonization: enhancement("Message harmonization: messages that come together are answered as one", "MESSAGE_HARMONIZATION"),
    immediateDisplay: enhancement("Immediate product display: matching products are shown at once", "IMMEDIATE_PRODUCT_DISPLAY"),
    groundedValidation: enhancement("Grounded validation: only what the catalogue says is stated", "GROUNDED_VALIDATION"),
    referenceResolution: enhancement('Reference resolution: "the second one" is what was shown before', "REFERENCE_RESOLUTION"),
  },
  groups: {
    enhancements: {
      description: "All enhancements",
      rows: ["B1"],
      members: ["harmonization", "immediateDisplay", "groundedValidation", "referenceResolution"],
    },
  },
  audience: { tenants: ["acme", "globex", "initech"] },
} satisfies PlanInput["flags"];

const names: Record<string, string> = {
  harmonization: "message harmonization",
  immediateDisplay: "immediate product display",
  groundedValidation: "grounded validation",
  referenceResolution: "reference resolution",
  enhancements: "all enhancements",
};

type LevelInput = PlanInput["levels"][string];

const common = {
  rows: ["B1", "B8"],
  rtoSeconds: 300,
  safe: { release: "after" },
  impact: ["Risk: low"],
  watch: [
    "Error rate drops below 1 %",
    "Response time returns to normal (below 500 ms)",
    "Conversation completion rate stabilizes",
    "No new critical errors",
  ],
  next: ["defaults", "code"],
} satisfies Partial<LevelInput>;

const path = "/webhook";
const answered: Probe = {
  type: "http",
  title: "a test message is answered",
  path,
  body: { test: "rollback_verification" },
  status: 200,
  answer: { fields: { status: "answered" } },
};

const isPartOf = (flag: string, member: string): boolean => flag === "enhancements" || flag === member;

/** Whether a tenant's answer is made without this flag, or group, and with the others; without none, it is made with all four. */
const answerWithout = (flag: string | undefined, tenant: string): Probe => ({
  type: "http",
  title: `${tenant} is answered ${flag === undefined ? "with all enhancements" : `without ${flag === "enhancements" ? "any enhancement" : names[flag]}`}`,
  path,
  body: { test: "rollback_verification", tenant },
  status: 200,
  answer: {
    fields: Object.fromEntries(Object.keys(flags.known).map((member) => [`shop.${member}`, flag === undefined || !isPartOf(flag, member)])),
  },
});

const forAll = (flag: string, name: string): LevelInput => ({
  ...common,
  title: `Strategy 1: ${name} off`,
  when: ["One feature causes the issues, and no data are corrupt", "Issues are isolated to new functionality", "It has to be quick"],
  steps: [{ withinSeconds: 120, levers: [{ path: `flags.${flag}`, value: false }] }],
  verification: [answerWithout(flag, "acme"), answerWithout(flag, "globex")],
});

const forTenants = (flag: string, name: string): LevelInput => ({
  ...common,
  title: `Strategy 1: ${name} off for tenants`,
  when: ["The same, for one tenant or several with commas between them; those it is off for already are named again"],
  steps: [{ withinSeconds: 120, levers: [{ path: `flags.${flag}.except.tenants`, value: "acme", chosen: "tenants" }] }],
  verification: [answered],
  rehearsal: [answerWithout(flag, "acme"), answerWithout(undefined, "globex")],
});

/** A level for each enhancement and for all of them, for every tenant and for those that are named. */
export function strategy1(): Record<string, LevelInput> {
  const all = Object.entries(names);
  return Object.fromEntries([
    ...all.map(([flag, name]) => [flag, forAll(flag, name)]),
    ...all.map(([flag, name]) => [`${flag}ForTenants`, forTenants(flag, name)]),
  ]);
}
