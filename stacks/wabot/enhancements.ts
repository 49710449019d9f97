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
  next: ["defaults", "code"],
} satisfies Partial<LevelInput>;

/** What verifies that these flags are off, for all tenants or for the one that a drill takes. */
type Verification = (off: readonly string[], whom: "all" | "acme") => Probe[];

const membersOf = (flag: string): string[] => (flag === "enhancements" ? flags.groups.enhancements.members : [flag]);

const forAll = (flag: string, name: string, verification: Verification): LevelInput => ({
  ...common,
  title: `Strategy 1: ${name} off`,
  when: ["One feature causes the issues, and no data are corrupt", "Issues are isolated to new functionality", "It has to be quick"],
  steps: [{ withinSeconds: 120, levers: [{ path: `flags.${flag}`, value: false }] }],
  verification: verification(membersOf(flag), "all"),
});

const forTenants = (flag: string, name: string, verification: Verification): LevelInput => ({
  ...common,
  title: `Strategy 1: ${name} off for tenants`,
  when: ["The same, for one tenant or several with commas between them; those it is off for already are named again"],
  steps: [{ withinSeconds: 120, levers: [{ path: `flags.${flag}.except.tenants`, value: "acme", chosen: "tenants" }] }],
  verification: verification(membersOf(flag), "acme"),
});

/** A level for each enhancement and for all of them, for every tenant and for those that are named. */
export function strategy1(verification: Verification): Record<string, LevelInput> {
  const all = Object.entries(names);
  return Object.fromEntries([
    ...all.map(([flag, name]) => [flag, forAll(flag, name, verification)]),
    ...all.map(([flag, name]) => [`${flag}ForTenants`, forTenants(flag, name, verification)]),
  ]);
}
