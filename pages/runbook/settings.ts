import type { Plan, Setting } from "../../components/plan/plan.ts";
import { table } from "./markdown.ts";

/** What the app can be told, how it reads it, and what it gets where the stack says nothing. */
export function settings({ flags, settings: all }: Plan): string | undefined {
  const rows = [
    ...Object.entries(flags.known).map(([name, flag]) => [
      `\`flags.${name}\``,
      flag.env === undefined ? "" : `\`${flag.env.enabled}\``,
      `\`${flag.default}\``,
      "true or false, or for whom",
      flag.description,
    ]),
    ...Object.entries(all).map(([name, setting]) => [
      `\`settings.${name}\``,
      `\`${setting.env}\``,
      setting.default === undefined ? "none" : `\`${shown(setting.default)}\``,
      range(setting),
      setting.description,
    ]),
  ];
  return rows.length > 0 ? table(["lever", "read from", "default", "takes", "what it is"], rows) : undefined;
}

const shown = (value: NonNullable<Setting["default"]>): string => (Array.isArray(value) ? value.join(",") : JSON.stringify(value));

function range(setting: Setting): string {
  if (setting.type === "string") return "text";
  if (setting.type === "boolean") return "true or false";
  const { minimum, maximum } = setting;
  if (minimum === undefined || maximum === undefined) return setting.type === "integers" ? "whole numbers" : "a whole number";
  return `${setting.type === "integers" ? "numbers from " : ""}${minimum} to ${maximum}`;
}
