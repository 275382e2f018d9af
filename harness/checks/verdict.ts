/** The four verdicts and their order. */

/** `UNKNOWN` is not a softer `PASS`: nothing was decided. `INVALID`: the run itself proves nothing. */
export type Verdict = "PASS" | "UNKNOWN" | "INVALID" | "FAIL";

const weight = { PASS: 0, UNKNOWN: 1, INVALID: 2, FAIL: 3 } as const satisfies Record<
  Verdict,
  number
>;

/** The worst verdict wins. No verdicts at all is `UNKNOWN`, never a vacuous `PASS`. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const [first, ...rest] = verdicts;
  if (first === undefined) return "UNKNOWN";
  return rest.reduce((a, b) => (weight[b] > weight[a] ? b : a), first);
}
