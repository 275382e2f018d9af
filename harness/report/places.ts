/**
 * Reports are handed on: they name no folder of this machine, nor the machine. What is left of a path is its last
 * part. `summary.json` and the facts stay as they are.
 */
import { hostname } from "node:os";
import type { Summary } from "./summary-json.ts";

/**
 * From the root two parts at least: `/s` and `/topic` are no paths. What follows a letter, a dot or a colon is a unit
 * or an address.
 */
const paths = /(?<![\w.:/~-])(?:(?:~|\.\.?)(?:\/+[\w.@+~-]+)+|(?:\/+[\w.@+~-]+){2,})\/*/g;
const fileAddress = /file:\/\/[^\s"')]+/g;
const accountAddress = /\b[\w.-]+@(?=this machine)/g;

export function withoutPlaces(text: string, host = hostname()): string {
  const named =
    host.length >= 3 && host !== "localhost" ? text.replaceAll(host, "this machine") : text;
  return named.replace(accountAddress, "").replace(fileAddress, lastPart).replace(paths, lastPart);
}

function lastPart(path: string): string {
  return `…/${path.replace(/\/+$/, "").split("/").at(-1)}`;
}

/** The free texts of a summary; what identifies a reading or a row stays to the letter. */
export function summaryWithoutPlaces(summary: Summary, host = hostname()): Summary {
  const clean = (text: string): string => withoutPlaces(text, host);
  const cleaned = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        typeof value === "string" ? (clean(value) as T) : value,
      ]),
    );
  return {
    ...summary,
    reasons: summary.reasons.map(clean),
    faults: summary.faults.map((fault) => ({
      ...fault,
      effect: fault.effect === null ? null : clean(fault.effect),
    })),
    versions: cleaned(summary.versions),
    machine: cleaned(summary.machine),
  };
}
