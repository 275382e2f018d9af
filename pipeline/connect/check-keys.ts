/** Which keys of a job's config nothing reads, and which change nothing. */
import type { JsonObject } from "../kcql/path.ts";
import { ignoredKeys, keysOf, type StoreKind } from "./config-keys.ts";
import type { ConfigReader } from "./config-reader.ts";
import { nearest } from "./nearest.ts";

/** Warnings for keys that change nothing; faults for keys that nothing reads. */
export function checkKeys(
  job: JsonObject,
  entries: JsonObject,
  store: StoreKind,
  { fault }: ConfigReader,
): readonly string[] {
  const warnings: string[] = [];
  const known = Object.keys(keysOf(store));
  for (const key of Object.keys(job)) {
    if (key !== "name" && key !== "config") fault(key, "is not known beside 'name' and 'config'");
  }
  for (const key of Object.keys(entries)) {
    if (known.includes(key) || key === "name") continue;
    if (/^transforms/.test(key)) fault(key, "transforms are not supported: use KCQL to project");
    else if (ignoredKeys.some((pattern) => pattern.test(key)))
      warnings.push(`${key} changes nothing`);
    else {
      const meant = nearest(key, known);
      fault(key, `is not known${meant === undefined ? "" : `; is ${meant} meant?`}`);
    }
  }
  return warnings;
}
