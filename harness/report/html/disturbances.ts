/** What the run was put through: faults, replays, and the bursts of closing windows. Absent where there was none. */
import { timeText } from "../chart/time-chart.ts";
import { type Markup, markup } from "../escape.ts";
import { burstStages } from "../fault-lines.ts";
import type { Summary } from "../summary-json.ts";
import { grouped, shortMs } from "../terminal-text.ts";
import { mark, section, table } from "./section.ts";

export function faultsSection({ faults }: Summary): Markup | undefined {
  if (faults.length === 0) return undefined;
  const rows = faults.map(({ kind, target, atMs, untilMs, effect, recoveredMs }, index) => [
    `${index + 1}: ${kind} ${target}`,
    timeText(atMs),
    untilMs === null ? "–" : shortMs(untilMs - atMs),
    recoveredMs === null ? "–" : shortMs(recoveredMs),
    effect === null
      ? markup`<span class="bad">✗ left no trace</span>`
      : markup`<span class="wide">${effect}</span>`,
  ]);
  return section(
    "faults",
    "Faults",
    table({
      caption: "The numbers are those of the bands in the charts; times since the load began",
      head: ["fault", "at", "lasted", "flowing again after", "effect seen"],
      rows,
    }),
  );
}

export function replaysSection({ replay }: Summary): Markup | undefined {
  if (replay.length === 0) return undefined;
  const rows = replay.flatMap(({ mode, records, storeEvidence, digestBefore, digestAfter }) => {
    const stores = [...new Set([...Object.keys(storeEvidence), ...Object.keys(digestBefore)])];
    return stores.map((store) => {
      const [before, after] = [digestBefore[store] ?? "–", digestAfter[store] ?? "–"];
      return [
        mode,
        store,
        grouped(records),
        storeEvidence[store] === undefined ? "–" : grouped(storeEvidence[store]),
        markup`<code>${before}</code>`,
        markup`<code>${after}</code>`,
        mark(before === after),
      ];
    });
  });
  return section(
    "replay",
    "Replay",
    table({
      caption:
        "Everything once more: the state must be the same, and the stores themselves must have seen the writes",
      head: [
        "replay",
        "store",
        "records read",
        "writes the store counted",
        "digest before",
        "digest after",
        "identical",
      ],
      rows,
    }),
  );
}

/** A long run has hundreds of bursts: the slowest are what is looked for. */
const burstsShown = 40;

export function burstsSection({ bursts }: Summary): Markup | undefined {
  if (bursts.length === 0) return undefined;
  const stages = burstStages(bursts);
  const slowest = (at: (typeof bursts)[number]): number =>
    Math.max(...stages.map((stage) => at.absorbedMs[stage] ?? Number.POSITIVE_INFINITY));
  const shown =
    bursts.length <= burstsShown
      ? bursts
      : [...bursts].sort((a, b) => slowest(b) - slowest(a)).slice(0, burstsShown);
  const rows = shown.map(({ window, closesAtMs, absorbedMs }) => [
    instantText(window),
    timeText(closesAtMs),
    ...stages.map((stage) => {
      const took = absorbedMs[stage];
      if (took === undefined) return "–";
      return took === null ? "not in time" : shortMs(took);
    }),
  ]);
  const part =
    shown.length < bursts.length ? `the slowest ${shown.length} of ${grouped(bursts.length)}` : "";
  return section(
    "bursts",
    "Bursts of closing windows",
    table({
      caption: `From the moment the windows could close until the stage had caught up${part && `; ${part}`}`,
      head: ["window", "could close at", ...stages],
      rows,
      numbers: true,
    }),
  );
}

function instantText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().replace(".000Z", "Z");
}
