/**
 * C10: what a user of a store has seen once never goes back: of a sampled key, looked at again and again for the whole
 * run, the visible revision falls at no time, whatever is replayed meanwhile, and no row is gone and there again. A row
 * that is gone for good is C7's to name: its index may have been retired. While a replay that declares to wipe a store
 * rebuilds it, its rows may be older or absent; afterwards they must have caught up with what was seen before.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { SeenRevisions } from "../facts/seen-revisions.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type Finding } from "./finding.ts";

type Facts = Pick<WholeFacts, "record" | "plan" | "seen">;

/** Looks at one key: a row of the table, and until when it was seen so. */
type Highest = { readonly row: number; goneAtMs: number | undefined };

/** Undefined for facts of no run folder: nobody was to look. */
export function checkNoTimeTravel(facts: Facts): CheckResult | undefined {
  const { seen } = facts;
  if (seen === undefined) return undefined;
  const list = createFindingList();
  if (seen === "not-kept") {
    const found =
      "no looks at revisions are on file: the folder is of a version that made none, or the run was broken off";
    list.add("unseen", () => ({ expected: "looks at sampled keys for the whole run", found }));
    return resultOf("C10", 0, list);
  }
  const { table } = seen;
  const { store, device, window, revision, firstAtMs, looks } = table.columns;
  const keys = new Map<string, Highest>();
  const isWiping = createIsWiping(facts, seen);
  let evaluated = 0;
  for (let row = 0; row < table.length; row++) {
    const key = `${store[row]}/${device[row]}/${window[row]}`;
    const highest = keys.get(key);
    // The first look at a key has nothing to be held against.
    evaluated += looks[row]! - (highest === undefined ? 1 : 0);
    if (isWiping(row)) continue;
    const is = revision[row]!;
    if (highest === undefined) {
      if (!Number.isNaN(is)) keys.set(key, { row, goneAtMs: undefined });
    } else if (Number.isNaN(is)) {
      highest.goneAtMs ??= firstAtMs[row]!;
    } else {
      const { goneAtMs } = highest;
      const isBack = is < revision[highest.row]!;
      if (isBack || goneAtMs !== undefined) {
        list.add("time-travel", () => describe(facts, seen, { highest, row, isBack }));
      }
      keys.set(key, { row: isBack ? highest.row : row, goneAtMs: undefined });
    }
  }
  return resultOf("C10", evaluated, list);
}

/** Whether all of a row's looks were made while its store was being rebuilt. */
function createIsWiping({ record }: Facts, seen: SeenRevisions): (row: number) => boolean {
  const { store, firstAtMs, lastAtMs } = seen.table.columns;
  const wipes = record.replays.flatMap(({ store: name, wiped }) =>
    wiped === undefined ? [] : [{ of: seen.stores.indexOf(name), ...wiped }],
  );
  return (row) =>
    wipes.some(
      ({ of, fromMs, untilMs }) =>
        of === store[row] && firstAtMs[row]! >= fromMs && lastAtMs[row]! <= untilMs,
    );
}

function describe(
  { plan }: Facts,
  { stores, table }: SeenRevisions,
  { highest, row, isBack }: { highest: Highest; row: number; isBack: boolean },
): Omit<Finding, "class"> {
  const { store, device, window, revision, version, firstAtMs, lastAtMs } = table.columns;
  const name = plan.deviceId(device[row]!);
  const revisionAt = (of: number): string =>
    Number.isNaN(version[of]!)
      ? `revision ${revision[of]}`
      : `revision ${revision[of]}, version ${version[of]}`;
  const last = isoOf(lastAtMs[highest.row]!);
  const gone = highest.goneAtMs === undefined ? "" : `no row at ${isoOf(highest.goneAtMs)}, then `;
  return {
    store: stores[store[row]!] ?? "",
    key: `${name} ${isoOf(window[row]!)}`,
    device: name,
    window: window[row]!,
    expected: `${revisionAt(highest.row)}, as seen until ${last}, or a later one`,
    found: `${gone}${revisionAt(row)} at ${isoOf(firstAtMs[row]!)}${isBack ? "" : ": there again"}`,
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
