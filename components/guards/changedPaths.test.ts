import { expect, it } from "vitest";
import { changedPaths } from "./changedPaths.ts";

it("goes down into maps, also where one was not there before", () => {
  const before = { aiProvider: "gemini", canary: { image: "a", weight: 10 } };
  const now = { aiProvider: "openai", canary: { image: "a", weight: 25 }, fallback: { image: "a" } };
  expect(changedPaths(before, now)).toEqual(["aiProvider", "canary.weight", "fallback.image"]);
  expect(changedPaths(now, before)).toEqual(["aiProvider", "canary.weight", "fallback.image"]);
});

it("takes a value that becomes a map, or a list, as one change", () => {
  expect(changedPaths({ flags: { retry: "true" } }, { flags: { retry: { percentage: 25 } } })).toEqual(["flags.retry"]);
  expect(changedPaths({ pins: { segments: ["a"] } }, { pins: { segments: ["a", "b"] } })).toEqual(["pins.segments"]);
});

it("knows levers by what they say, whatever the order of their keys", () => {
  expect(changedPaths({ canary: { image: "a", weight: 10 } }, { canary: { weight: 10, image: "a" } })).toEqual([]);
});
