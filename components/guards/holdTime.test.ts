import { afterEach, describe, expect, it, vi } from "vitest";
import { found, type Sets, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { holdTime } from "./holdTime.ts";

const problems = (sets: Sets, more: Update = {}): string[] => found(holdTime, updateOf({ sets, ...more }));

afterEach(() => vi.unstubAllEnvs());

describe("hold-time", () => {
  it("refuses to go on before the hold of the milestone is over, and says how long that is", () =>
    expect(problems({ "canary.weight": 50 }, { heldHours: 20.5 })).toEqual([
      'canary.weight: at 10 % since 2026-11-20 15:30 UTC, and the plan holds "A tenth" for 24 h: until 2026-11-21 15:30 UTC, 3 h 30 min from now | pulumi config set --path canary.weight 10',
    ]));
  it("lets it go on from the very moment", () => {
    expect(problems({ "canary.weight": 50 }, { heldHours: 23.99 })).toHaveLength(1);
    expect(problems({ "canary.weight": 50 }, { heldHours: 24 })).toEqual([]);
  });
  it("always lets it reach less", () => expect(problems({ "canary.weight": 5 }, { heldHours: 0 })).toEqual([]));
  it("takes the hold of the last milestone that is not above, since it last moved", () => {
    expect(problems({ "canary.weight": 75 }, { verified: [{ "canary.weight": 60 }], heldHours: 47 })).toEqual([
      'canary.weight: at 60 % since 2026-11-19 13:00 UTC, and the plan holds "Half" for 48 h: until 2026-11-21 13:00 UTC, 1 h from now | pulumi config set --path canary.weight 60',
    ]);
    expect(problems({ "canary.weight": 30 }, { verified: [{}, { "canary.weight": 20 }], heldHours: 23.5 })).toHaveLength(1);
  });
  it("counts from when it got there, not from updates since", () =>
    expect(problems({ "canary.weight": 50 }, { verified: [{}, { "settings.attempts": 5 }], heldHours: 1 })).toEqual([]));
  it("holds 0 % where the plan says so", () => {
    const plan = shopWith({
      milestones: [
        { title: "Off", percentage: 0, holdHours: 24 },
        { title: "Everybody", percentage: 100, holdHours: 0 },
      ],
    });
    expect(problems({ "flags.voice": true }, { plan, heldHours: 2 })).toEqual([
      'flags.voice: at 0 % since 2026-11-21 10:00 UTC, and the plan holds "Off" for 24 h: until 2026-11-22 10:00 UTC, 22 h from now | pulumi config set --path flags.voice false',
    ]);
  });
  it("takes the longest way through milestones of the same percentage, which differ in who they are for", () => {
    const plan = shopWith({
      milestones: [
        { title: "Nobody", percentage: 0, who: "nobody", holdHours: 0 },
        { title: "Staff", percentage: 0, who: "staff", holdHours: 168 },
        { title: "Everybody", percentage: 100, holdHours: 0 },
      ],
    });
    expect(problems({ "flags.voice": true }, { plan, heldHours: 167 })).toEqual([
      'flags.voice: at 0 % since 2026-11-14 13:00 UTC, and the plan holds "Staff" for 168 h: until 2026-11-21 13:00 UTC, 1 h from now | pulumi config set --path flags.voice false',
    ]);
  });
  it("takes a time later than the clock for a hold that has not begun", () =>
    expect(problems({ "canary.weight": 50 }, { heldHours: -2 })).toEqual([
      'canary.weight: at 10 % since 2026-11-21 14:00 UTC, but this machine\'s clock says 2026-11-21 12:00 UTC: the hold counts as not begun, and the plan holds "A tenth" for 24 h. Check the clock | pulumi config set --path canary.weight 10',
    ]));
  it("says so where it is not known since when", () => {
    const change = updateOf({ sets: { "canary.weight": 75 } });
    const { levers, exposure, ...older } = change.last ?? { tracks: [], selector: {}, settings: [], flags: [], credentials: {} };
    const plan = shopWith({
      milestones: [
        { title: "Off", percentage: 0, holdHours: 24 },
        { title: "Everybody", percentage: 100, holdHours: 0 },
      ],
    });
    expect(found(holdTime, { ...change, plan, last: older })).toEqual([
      'canary.weight: since when it is at 0 % is not known, and the plan holds "Off" for 24 h; a verified pulumi up that leaves it there notes it down | pulumi config set --path canary.weight 0',
    ]);
  });
});

describe("a hold across a change of the clocks", () => {
  const changes = [
    ["Europe/Berlin", "2026-03-28T11:00:00Z"],
    ["Europe/Berlin", "2026-10-24T10:00:00Z"],
    ["America/New_York", "2026-03-07T16:00:00Z"],
    ["America/New_York", "2026-10-31T15:00:00Z"],
  ] as const;

  it.each(changes)("is as many real hours in %s from %s", (zone, since) => {
    vi.stubEnv("TZ", zone);
    const [began, hour] = [new Date(since), 3_600_000];
    const later = (hours: number): Date => new Date(began.getTime() + hours * hour);
    // The wall's clock there shows an hour more or less than a day later.
    expect(later(24).getHours()).not.toBe(began.getHours());
    expect(problems({ "canary.weight": 50 }, { at: later(23.9), heldHours: 23.9 })).toHaveLength(1);
    expect(problems({ "canary.weight": 50 }, { at: later(24), heldHours: 24 })).toEqual([]);
  });
});
