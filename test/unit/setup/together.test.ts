import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Part, PartName } from "../../../tools/setup/part.ts";
import { together } from "../../../tools/setup/together.ts";

function part(name: PartName, more: Partial<Part> = {}): Part {
  return { name, title: name, usually: "a moment", present: () => false, make: async () => "made", ...more };
}

describe("parts that are made side by side", () => {
  it("begin in their order, each after those it needs", async () => {
    const order: string[] = [];
    const make = async ({ name }: Part) => {
      order.push(`begin ${name}`);
      await sleep(1);
      order.push(`end ${name}`);
    };
    await together([part("pulumi"), part("node"), part("language-host", { after: ["pulumi", "node"] })], make, () => {});
    expect(order).toEqual(["begin pulumi", "begin node", "end pulumi", "end node", "begin language-host", "end language-host"]);
  });

  it("are aborted when one fails, and what failed first is told once all have ended", async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const make = async ({ name }: Part) => {
      if (name === "pulumi") throw new Error("no room");
      await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
      // A killed build takes a moment; nobody may have given the failure up as unhandled meanwhile.
      await sleep(5);
      ended.push(name);
      throw new Error("interrupted");
    };
    const parts = [part("pulumi"), part("kubernetes"), part("language-host", { after: ["pulumi"] })];
    await expect(together(parts, make, () => controller.abort())).rejects.toThrow("no room");
    expect(ended).toEqual(["kubernetes"]);
  });
});
