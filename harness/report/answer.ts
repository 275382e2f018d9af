/** The answer in one sentence: what was proved, at which rate, and what is wrong. Pure. */
import type { Summary } from "./summary-json.ts";
import { bothRates, grouped } from "./terminal-text.ts";

export function answerOf(summary: Summary): string {
  const { verdict, rate, readings, stores, thresholds, interrupted } = summary;
  const at = `at ${bothRates(rate.heldPerSecond)}`;
  const names = Object.keys(stores);
  if (verdict === "FAIL") {
    const broken = summary.clauses.filter((one) => one.verdict === "FAIL").map((one) => one.clause);
    const what = broken.length === 0 ? "The contract" : listed(broken);
    return `${what} ${broken.length > 1 ? "do" : "does"} not hold ${at}: ${faultsOf(summary)}.`;
  }
  if (verdict === "INVALID") return "This run proves nothing, neither good nor bad.";
  if (verdict === "UNKNOWN") {
    return "Nothing was decided: what could be seen is in order, but not everything could be seen.";
  }
  const windows = Math.max(0, ...Object.values(stores).map(({ expected }) => expected));
  const proved =
    `All ${grouped(readings.acked)} acknowledged readings are in the log, and all ` +
    `${grouped(windows)} windows of them are stored exactly once in ${listed(names)}, ${at}`;
  const missed = thresholds.filter(({ ok }) => !ok).length;
  const but = missed === 0 ? "" : `; ${missed} of ${thresholds.length} thresholds were missed`;
  return `${proved}${but}${interrupted ? ", as far as the run came before it was interrupted" : ""}.`;
}

function faultsOf({ clauses }: Summary): string {
  const byClass = new Map<string, number>();
  for (const { counts } of clauses) {
    for (const [name, count] of Object.entries(counts)) {
      // Two clauses may see one and the same fault: the larger count, not the sum.
      byClass.set(name, Math.max(byClass.get(name) ?? 0, count));
    }
  }
  const parts = [...byClass].map(([name, count]) => `${grouped(count)} ${name}`);
  return parts.length === 0 ? "see the reasons" : listed(parts);
}

/** `a`, `a and b`, `a, b and c`. */
function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
