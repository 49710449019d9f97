import { describe, expect, it } from "vitest";
import { type DatabaseRun, type DatabaseState, decideMove, stateAfter } from "../../../components/database/move.ts";
import { databaseSince, marksOf } from "../../../components/database/ran.ts";
import type { StateResource } from "../../../components/stackState.ts";
import { databaseAt, shopWithDatabase, stateAt } from "../guards/database.ts";
import { config, image, leversOf, type Sets, set } from "../guards/shop.ts";

const plan = shopWithDatabase();
const [before, now] = [image("b"), image("c")];
const levers = (sets: Sets) => leversOf(plan, set(config, { canary: undefined, "stable.image": now, ...sets }));
const move = (last: DatabaseState | undefined, revision: string, more: Sets = {}) =>
  decideMove({ plan, levers: levers(databaseAt(revision, more)), last });
const state = (revision: string, more: Partial<DatabaseState> = {}) => stateAt(revision, { image: before, ...more });

describe("what an update does to the database", () => {
  it("is nothing without the lever", () => {
    expect(decideMove({ plan, levers: levers({}), last: state("0001") })).toBeUndefined();
  });

  it("only sees that it has the revision, the first time", () => {
    expect(move(undefined, "0002")).toEqual({ run: { number: 1, way: "adopt", revision: "0002" }, isOver: false, image: now });
  });

  it("M5: goes down by the image of before, which knows what it undoes", () => {
    expect(move(state("0002"), "0001")).toEqual({ run: { number: 2, way: "down", revision: "0001" }, isOver: false, image: before });
  });

  it("goes up by the new image, the canary's where there is one", () => {
    expect(move(state("0001"), "0002")).toEqual({ run: { number: 2, way: "up", revision: "0002" }, isOver: false, image: now });
    const canary = levers({ ...databaseAt("0002"), canary: { image: image("e"), weight: 0 } });
    expect(decideMove({ plan, levers: canary, last: state("0001") })?.image).toBe(image("e"));
  });

  it("B4: restores a backup that was not named before, whatever revision it has", () => {
    const run = { number: 2, way: "restore", revision: "0001", restore: "earlier.dump" };
    expect(move(state("0003"), "0001", { restore: "earlier.dump" })).toMatchObject({ run, isOver: false });
    expect(move(state("0003", { restore: "other.dump" }), "0001", { restore: "earlier.dump" })).toMatchObject({ run, isOver: false });
  });

  it("is over where the database is what the stack says, and stays so when the backup's name is taken away", () => {
    const last = state("0001", { restore: "earlier.dump" });
    expect(move(last, "0001", { restore: "earlier.dump" })).toEqual({ run: last.run, isOver: true, image: before });
    expect(move(last, "0001")).toEqual({ run: last.run, isOver: true, image: before });
  });

  it("is another run when a revision comes back", () => {
    const down = { number: 2, way: "down", revision: "0001" } as const;
    expect(move(state("0001", { run: down }), "0002")?.run).toEqual({ number: 3, way: "up", revision: "0002" });
  });
});

describe("after an update that failed", () => {
  const attempted = { number: 2, way: "down", revision: "0001" } as const;

  it("goes on with the same run where the stack still asks for it", () => {
    expect(move(state("0002", { begun: 2, attempted }), "0001")).toEqual({ run: attempted, isOver: false, image: before });
  });

  it("goes back up where the stack no longer does, since the change may have happened", () => {
    expect(move(state("0002", { begun: 2, attempted }), "0002")).toEqual({
      run: { number: 3, way: "up", revision: "0002" },
      isOver: false,
      image: before,
    });
  });

  it("does not restore again what was restored before that", () => {
    const restoring = { number: 3, way: "restore", revision: "0002", restore: "new.dump" } as const;
    const last = state("0002", { restore: "old.dump", run: { number: 2, way: "restore", revision: "0002", restore: "old.dump" } });
    expect(move({ ...last, begun: 3, attempted: restoring }, "0002", { restore: "old.dump" })?.run).toEqual({
      number: 4,
      way: "adopt",
      revision: "0002",
    });
  });

  it("begins anew where the change was not begun: the backup would be of another time", () => {
    expect(move(state("0002", { begun: 2 }), "0001")).toMatchObject({ run: { number: 3, way: "down", revision: "0001" }, isOver: false });
    expect(move(state("0002", { begun: 2 }), "0002")).toMatchObject({ run: { number: 1 }, isOver: true });
    expect(move(state("0002", { begun: 4, attempted }), "0002")?.run).toMatchObject({ number: 5, way: "up" });
  });

  const marked = (part: string, run: DatabaseRun): StateResource => ({
    type: "kubernetes:core/v1:ConfigMap",
    outputs: { metadata: marksOf(part, run) },
  });

  it("knows from the stack's state whether a run was begun, and whether its change was", () => {
    const last = state("0002");
    const over = [marked("evidence", last.run), marked("change", last.run)];
    expect(databaseSince(last, [...over, { type: "kubernetes:core/v1:ConfigMap", outputs: {} }])).toEqual(last);
    expect(databaseSince(last, [...over, marked("evidence", attempted)])).toEqual({ ...last, begun: 2 });
    expect(databaseSince(last, [...over, marked("evidence", attempted), marked("change", attempted)])).toEqual({
      ...last,
      begun: 2,
      attempted,
    });
    const another = marked("evidence", { number: 3, way: "up", revision: "0002" });
    expect(databaseSince(last, [marked("change", attempted), another])).toEqual({ ...last, begun: 3, attempted });
  });
});

describe("what an update leaves", () => {
  it("is the revision, the run and the image that knows it", () => {
    const down = move(state("0002"), "0001");
    const all = levers(databaseAt("0001"));
    expect(down && stateAfter(down, all)).toEqual({ revision: "0001", run: { number: 2, way: "down", revision: "0001" }, image: now });
  });
  it("keeps the image as long as nothing changes, though another release runs", () => {
    const over = move(state("0002"), "0002");
    expect(over && stateAfter(over, levers(databaseAt("0002"))).image).toBe(before);
  });
});
