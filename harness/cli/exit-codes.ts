/** Exit codes are an interface: one table, the first that applies. */
import type { Verdict } from "../checks/verdict.ts";

export const exitCodes = {
  pass: 0,
  internal: 1,
  /** Usage, scenario, environment: before the first reading was sent. */
  unusable: 2,
  fail: 3,
  threshold: 4,
  unknown: 5,
  invalid: 6,
  interrupted: 130,
} as const;

export function exitCodeOf(result: {
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  /** Thresholds other than those that the verdict holds already. */
  readonly thresholdMissed: boolean;
}): number {
  const { verdict, interrupted, thresholdMissed } = result;
  if (verdict === "FAIL") return exitCodes.fail;
  if (interrupted) return exitCodes.interrupted;
  if (verdict === "INVALID") return exitCodes.invalid;
  if (verdict === "UNKNOWN") return exitCodes.unknown;
  return thresholdMissed ? exitCodes.threshold : exitCodes.pass;
}
