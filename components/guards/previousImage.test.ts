import { describe, expect, it } from "vitest";
import { found, image, level, type Sets, shop, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { previousImage } from "./previousImage.ts";

const problems = (sets: Sets, more: Update = {}): string[] => found(previousImage, updateOf({ sets, ...more }));
const setTo = (digit: string) => `pulumi config set --path previous.image ${image(digit)}`;

describe("previous-image", () => {
  it("asks that the image which stable leaves stays named when it moves on", () => {
    expect(problems({ "stable.image": image("b") })).toEqual([
      `previous.image: ${image("0")}: stable moves on; expected the image that it leaves, ${image("a")} | ${setTo("a")}`,
    ]);
    expect(problems({ "stable.image": image("b"), previous: undefined })).toEqual([
      `previous.image: missing: stable moves on; expected the image that it leaves, ${image("a")} | ${setTo("a")}`,
    ]);
    expect(problems({ "stable.image": image("b"), "previous.image": image("a") })).toEqual([]);
  });
  it("asks a rollback nothing", () => {
    expect(problems({ "stable.image": image("0"), canary: undefined })).toEqual([]);
    expect(problems({ "canary.weight": 0 }, { verified: [{ previous: undefined }] })).toEqual([]);
  });
  it("refuses to remove it or to name one that no verified update ran", () => {
    expect(problems({ previous: undefined })).toEqual([
      `previous.image: missing: levels return to it; expected what it was, ${image("0")} | ${setTo("0")}`,
    ]);
    expect(problems({ "previous.image": image("9") })).toEqual([
      `previous.image: ${image("9")}: no verified update ran it; expected what it was, ${image("0")} | ${setTo("0")}`,
    ]);
    expect(problems({ "previous.image": image("a") })).toEqual([]);
  });
  it("asks for one where a release ran before and none is named, and not on a first one", () => {
    const moved = [{}, { "stable.image": image("b"), previous: undefined }];
    expect(problems({ "settings.attempts": 5 }, { verified: moved })).toEqual([
      `previous.image: missing: expected what ran before stable's image, ${image("a")} | ${setTo("a")}`,
    ]);
    expect(problems({ "settings.attempts": 5 }, { verified: [{ previous: undefined }] })).toEqual([]);
    expect(problems({ previous: undefined }, { verified: [] })).toEqual([]);
  });
  it("asks nothing where no level returns to it", () => {
    const plan = shopWith({ levels: { provider: level({ path: "aiProvider", value: "openai" }) } });
    expect(problems({ "stable.image": image("b") }, { plan })).toEqual([]);
  });
  it("reads what stable ran from records of versions that kept no levers", () => {
    const change = updateOf({ plan: shop, sets: { "stable.image": image("b") } });
    const { levers, images, exposure, ...older } = change.last ?? { tracks: [], selector: {}, settings: [], flags: [], credentials: {} };
    expect(found(previousImage, { ...change, last: older })).toHaveLength(1);
  });
});
