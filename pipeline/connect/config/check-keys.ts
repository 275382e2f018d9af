/** Which keys of a job's config nothing reads, and which change nothing. */
import type { JsonObject } from "../../kcql/path.ts";
import { keysOf } from "./config-keys.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { StoreKind } from "./connector-classes.ts";
import { idleMeaning } from "./idle-keys.ts";
import { nearest } from "./nearest.ts";

/** More keys than a person writes. */
const keysMax = 1_000;

/** Warnings for keys that change nothing; faults for keys that nothing reads. */
export function checkKeys(
  job: JsonObject,
  entries: JsonObject,
  store: StoreKind,
  { fault, warn }: ConfigReader,
): void {
  const known = Object.keys(keysOf(store));
  for (const key of Object.keys(job)) {
    if (key !== "name" && key !== "config") fault(key, "is not known beside 'name' and 'config'");
  }
  for (const key of Object.keys(entries).slice(0, keysMax)) {
    if (known.includes(key)) continue;
    const meaning = idleMeaning(key, store);
    if (key === "topics.regex") {
      fault(key, "is not supported: statements name their topics, and 'topics' lists them");
    } else if (meaning !== undefined) {
      warn(key, `changes nothing; it ${meaning}`);
    } else {
      const meant = nearest(key.slice(0, 200), known);
      fault(key, `is not known${meant === undefined ? "" : `; is ${meant} meant?`}`);
    }
  }
}
