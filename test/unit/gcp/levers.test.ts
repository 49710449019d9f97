import { describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import { LeverError } from "../../../components/levers/errors.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { mindmendLevers } from "./deploy.ts";

const channel = "projects/shop-prod-1/notificationChannels/1234";

const gcpOf = (gcp: unknown) => checkLevers(mindmend, { ...mindmendLevers, gcp }, "s").gcp;

/** `path: message → command`, a problem a line. */
function problemsOf(gcp: unknown): string[] {
  try {
    gcpOf(gcp);
    return [];
  } catch (error) {
    if (error instanceof LeverError) return error.problems.map(({ path, message, command }) => `${path}: ${message} → ${command}`);
    throw error;
  }
}

describe("the gcp lever", () => {
  it("asks for a project and nothing else", () => {
    expect(gcpOf({ project: "shop-prod-1" })).toEqual({ project: "shop-prod-1", notificationChannels: [], logRetentionDays: 90 });
  });

  it("takes days and channels as `pulumi config set` writes them", () => {
    expect(gcpOf({ project: "shop-prod-1", logRetentionDays: "400", notificationChannels: `${channel},${channel}5` })).toMatchObject({
      logRetentionDays: 400,
      notificationChannels: [channel, `${channel}5`],
    });
  });

  it.each([
    ["no project", { location: "europe-west1" }, ["gcp.project: missing → pulumi config set --path gcp.project <project-id>"]],
    [
      "a project's number or name in place of its ID",
      { project: "Shop Prod" },
      [
        'gcp.project: "Shop Prod" is not the ID of a project; expected 6 to 30 lowercase letters, digits and hyphens, a letter first (gcloud projects list) → pulumi config set --path gcp.project <project-id>',
      ],
    ],
    [
      "a zone in place of a region",
      { project: "shop-prod-1", location: "europe-west1-b" },
      [
        'gcp.location: "europe-west1-b" is not a region; expected one like europe-west1 (gcloud compute regions list) → pulumi config set --path gcp.location <region>',
      ],
    ],
    [
      "an unknown key",
      { project: "shop-prod-1", locaton: "europe-west1" },
      [
        "gcp.locaton: unknown lever. Did you mean gcp.location? Known here: project, location, notificationChannels, logRetentionDays. → pulumi config rm --path gcp.locaton",
      ],
    ],
    [
      "days out of range",
      { project: "shop-prod-1", logRetentionDays: 0 },
      ["gcp.logRetentionDays: expected a whole number from 1 to 3650, got 0 → pulumi config set --path gcp.logRetentionDays 90"],
    ],
    [
      "a channel by its address",
      { project: "shop-prod-1", notificationChannels: [channel, "oncall@shop.example"] },
      [
        "gcp.notificationChannels[1]: \"oncall@shop.example\" is not a notification channel; expected projects/<project>/notificationChannels/<id> (gcloud beta monitoring channels list) → pulumi config set --path 'gcp.notificationChannels[1]' projects/<project-id>/notificationChannels/<id>",
      ],
    ],
    [
      "a channel twice",
      { project: "shop-prod-1", notificationChannels: [channel, channel] },
      [
        `gcp.notificationChannels[1]: "${channel}" is there twice, the first time as entry 0 → pulumi config rm --path 'gcp.notificationChannels[1]'`,
      ],
    ],
    ["text in place of an object", "shop-prod-1", ["gcp: expected { project, … } → pulumi config set --path gcp.project <project-id>"]],
  ])("refuses %s", (_, gcp, expected) => {
    expect(problemsOf(gcp)).toEqual(expected);
  });

  it("refuses everything that is wrong at once", () => {
    expect(problemsOf({ project: "x", location: "y", logRetentionDays: "long" })).toHaveLength(3);
  });
});
