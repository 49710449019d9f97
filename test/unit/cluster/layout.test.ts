import { describe, expect, it } from "vitest";
import { layoutOf } from "../../../tools/cluster/layout.ts";

describe("a cluster's name", () => {
  it("gives it a folder, a context and a cgroup of its own", () => {
    const [one, two] = [layoutOf("one"), layoutOf("two")];
    expect(one.context).toBe("rollback-stacks-one");
    expect(one.cgroup).toMatch(/^one-[0-9a-f]{8}$/);
    expect(new Set([one.dir, two.dir, one.lock, two.lock, one.cgroup, two.cgroup]).size).toBe(6);
  });

  it.each(["", "Upper", "../up", "a b", "-a", "a-", "a".repeat(31)])("may not be %j", (name) => {
    expect(() => layoutOf(name)).toThrow(`"${name}" cannot name a cluster`);
  });
});
