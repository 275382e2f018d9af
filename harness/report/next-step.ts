/** One sentence: what a person does after this outcome. */
import type { Summary } from "./summary-json.ts";

export function nextStep(summary: Summary): string {
  const { verdict, interrupted, scenario, seed, run, thresholds, faults, sendLagMs } = summary;
  const again = `fleetproof run ${scenario} --seed ${seed}`;
  if (verdict === "FAIL") {
    return `the findings name what is wrong; ${again} sends the very same readings again.`;
  }
  if (interrupted) return `the run was interrupted; ${again} runs it to its end.`;
  if (verdict === "INVALID") {
    const slow = thresholds.some(
      ({ metric, ok }) => !ok && (metric === "heldRate" || metric === "sendLagMs"),
    );
    if (slow) {
      return (
        `the generator could not keep its schedule (send lag p99 ${sendLagMs.p99.toFixed(0)} ms), ` +
        "so the run proves nothing: free the machine, or lower --rate."
      );
    }
    return `the run proves nothing, for the reasons above; once they are mended: ${again}.`;
  }
  if (verdict === "UNKNOWN") {
    return (
      `nothing was decided; look into the logs of run ${run} for what died or fell behind, ` +
      `then ${again}.`
    );
  }
  if (thresholds.some(({ ok }) => !ok)) {
    return "every reading is there, but a threshold was missed: see THRESHOLDS, then tune or relax.";
  }
  if (faults.length === 0) return "now break something: fleetproof run aggregator-crash.";
  return `another seed, another order of events: fleetproof run ${scenario} --seed ${seed + 1}.`;
}
