import { describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import { LeverError } from "../../components/levers/errors.ts";
import { misplacedSecrets } from "../../components/levers/secrecy.ts";
import mindmend from "../../stacks/mindmend.ts";

const paths = (raw: Record<string, unknown>, secret: string[], stackFile?: string): string[] =>
  misplacedSecrets(raw, { isSecret: (lever) => secret.includes(lever), stackFile }).map(({ path }) => path);

const credentials = { openai: { apiKey: "sk-1" }, gemini: { apiKey: "key-2" } };

describe("credentials that are not encrypted", () => {
  it("are each told where none is", () => {
    expect(paths({ credentials }, [])).toEqual(["credentials.openai.apiKey", "credentials.gemini.apiKey"]);
  });

  it("are told from those beside them that are, by the stack's file", () => {
    expect(paths({ credentials }, ["credentials"], "openai:\n  apiKey:\n    secure: v1:x\ngemini:\n  apiKey: key-2\n")).toEqual([
      "credentials.gemini.apiKey",
    ]);
  });

  it("are not thought to stand in the file where a longer word has them", () => {
    expect(paths({ credentials }, ["credentials"], "image: my-key-2 sk-12 xsk-1")).toEqual([]);
  });

  it("are nowhere where all are encrypted, or there is no file to tell more", () => {
    expect(paths({ credentials }, ["credentials"], "secure: v1:x")).toEqual([]);
    expect(paths({ credentials }, ["credentials"])).toEqual([]);
    expect(paths({ aiProvider: "openai", credentials: {} }, [])).toEqual([]);
  });
});

describe("levers that are encrypted", () => {
  it("are told by the path of the part that the stack's file does not show", () => {
    const raw = { settings: { shown: 5, hidden: 7 }, flags: { voice: { except: { users: ["ada", "grace"] } } }, aiProvider: "openai" };
    expect(paths(raw, ["settings", "flags", "aiProvider"], "shown: 5\nusers:\n  - ada\n  - secure: v1:x\n")).toEqual([
      "settings.hidden",
      "flags.voice.except.users[1]",
      "aiProvider",
    ]);
  });

  it("are told as a whole where every part happens to stand in the file", () => {
    expect(paths({ settings: { hidden: 5 } }, ["settings"], "other: 5")).toEqual(["settings"]);
  });

  it("are never quoted, whatever else is wrong with them", () => {
    const raw = { system: "mindmend", aiProvider: "of-a-kind", stable: { image: 5 }, credentials };
    const misplaced = misplacedSecrets(raw, { isSecret: (lever) => lever !== "stable", stackFile: "" }).filter(
      ({ path }) => path === "aiProvider",
    );
    expect(() => checkLevers(mindmend, raw, "s", misplaced)).toThrow(
      new LeverError("s", [
        { path: "stable.image", message: "expected text, got 5", command: "pulumi config set --path stable.image <name@sha256:digest>" },
        ...misplaced,
      ]),
    );
  });
});
