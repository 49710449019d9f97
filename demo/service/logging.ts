import { maskPersonalData } from "./personalData.ts";

export type Severity = "INFO" | "WARNING" | "ERROR";
export type Fields = Record<string, string | number | boolean>;
export type Log = (severity: Severity, message: string, fields?: Fields) => void;

/**
 * One JSON object a line on standard output, with the field names Cloud Logging understands (`severity`, `message`), so that
 * `grep "AI client"` and `jsonPayload.message` both find what the plans look for. Callers pass no keys and no message contents; phone numbers and
 * addresses are masked whoever passes them.
 */
export function createLog(common: Fields, write: (line: string) => void = (line) => process.stdout.write(line)): Log {
  return (severity, message, fields = {}) => {
    const texts = Object.entries({ message, ...common, ...fields }).map(([name, value]) => [name, masked(value)]);
    write(`${JSON.stringify({ time: new Date().toISOString(), severity, ...Object.fromEntries(texts) })}\n`);
  };
}

const masked = (value: Fields[string]): Fields[string] => (typeof value === "string" ? maskPersonalData(value) : value);
