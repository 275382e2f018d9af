/** Whether a round of replays came to what it must: a PASS, with every replay in it, proven and identical. Pure. */
import type { Summary } from "../../../harness/report/summary-json.ts";
import type { ReplayRound } from "./replay-rounds.ts";

/** What is not as it must be, in sentences; none: all is well. */
export function roundFaults(
  { entries }: Pick<ReplayRound, "entries">,
  summary: Summary | undefined,
): readonly string[] {
  if (summary === undefined) return ["the run came to no verdict"];
  const { verdict, reasons, replay, clauses } = summary;
  const faults = verdict === "PASS" ? [] : [[`verdict ${verdict}`, ...reasons].join(": ")];
  if (replay.length !== entries) faults.push(`${replay.length} replays of ${entries}`);
  for (const { mode, identical, records, storeEvidence } of replay) {
    if (!identical) faults.push(`${mode}: not identical`);
    if (records === 0) faults.push(`${mode}: nothing was read again`);
    for (const [store, writes] of Object.entries(storeEvidence)) {
      if (writes === 0) faults.push(`${mode}: ${store} saw no write`);
    }
  }
  const looks = clauses.find(({ clause }) => clause === "C10");
  if (looks?.verdict !== "PASS") faults.push("C10 did not look, or saw a revision go back");
  return faults;
}

/** One line for each replay of a round. */
export function replayLines(name: string, { replay, verdict }: Summary): readonly string[][] {
  return replay.map(({ mode, records, storeEvidence, digestAfter, identical }) => [
    name,
    mode,
    records.toLocaleString("en-US"),
    Object.entries(storeEvidence)
      .map(([store, writes]) => `${store} ${writes.toLocaleString("en-US")}`)
      .join(", "),
    Object.values(digestAfter)
      .map((digest) => digest.slice(0, digestShown))
      .join(" "),
    identical ? "identical" : "NOT IDENTICAL",
    verdict,
  ]);
}

/** The number of rows, and enough of the digits to tell two states apart by eye. */
const digestShown = 13;
