/** What a proof of faults says as it goes, and its table, with the effects behind it. */
import { columns } from "../columns.ts";
import type { DoneRound } from "./proof-state.ts";

export function roundLine(done: DoneRound): string {
  const {
    round,
    seed,
    verdict,
    asDeclared,
    faults,
    effects,
    steps,
    tookMs,
    folder,
    begun = 1,
  } = done;
  const outcome = asDeclared ? `${verdict}, as declared` : `NOT AS DECLARED: ${faults.join("; ")}`;
  const where = folder === undefined ? "" : ` (${folder})`;
  const again = begun === 1 ? "" : `, could begin only at attempt ${begun}`;
  const traces = `${effects} of ${steps} steps with a trace`;
  return `${round}, seed ${seed}: ${outcome}${where}, ${traces}, ${seconds(tookMs)}${again}`;
}

export function roundTable(all: readonly DoneRound[]): string {
  const head = ["group", "fault", "seed", "traces", "went on after", "verdict", "findings", ""];
  const lines = all.map((done) => [
    done.group,
    done.round,
    String(done.seed),
    `${done.effects} of ${done.steps}`,
    done.recoveredMs === null ? "–" : seconds(done.recoveredMs),
    done.verdict,
    done.classes.join(", ") || "none",
    done.asDeclared ? "as declared" : `NOT AS DECLARED: ${done.faults.join("; ")}`,
  ]);
  const wrong = all.filter(({ asDeclared }) => !asDeclared).length;
  const sum = `${all.length - wrong} of ${all.length} rounds as declared`;
  const effects = all.map(({ round, seed, effect }) => `${round}, seed ${seed}: ${effect}`);
  return [
    columns([head, ...lines]),
    "",
    "What the steps were seen to do",
    ...effects,
    "",
    sum,
  ].join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
