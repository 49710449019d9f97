import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { projectRoot } from "../../../tools/paths.ts";

it("a stack without the gcp lever loads nothing of Google Cloud's SDK, whose size every rollback would wait for", () => {
  const script = `
    import { createRequire } from "node:module";
    const { cache } = createRequire(import.meta.url);
    const loaded = () => Object.keys(cache).filter((path) => path.includes("/@pulumi/gcp/")).length;
    await import("./components/rollbackPlan.ts");
    const { loadGoogleCloud } = await import("./components/gcp/load.ts");
    await loadGoogleCloud({});
    const without = loaded();
    await loadGoogleCloud({ gcp: {} });
    console.log(JSON.stringify({ without, withIt: loaded() > 0 }));`;
  const told = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: projectRoot, encoding: "utf8" });
  expect(JSON.parse(told)).toEqual({ without: 0, withIt: true });
});
