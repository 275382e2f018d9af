/**
 * One line of the product's track record: a bug, where it comes from, what brings it out, what must
 * be said of it.
 */
import type { AnomalyClass } from "../../../harness/checks/finding.ts";
import type { Verdict } from "../../../harness/checks/verdict.ts";

export type BugCase = {
  /** Of the list in the house's reference: `B01`, `H03`. */
  readonly id: string;
  /** As FLEETPROOF_PLANTED_BUG names it. */
  readonly bug: string;
  /** What it does wrong, one line. */
  readonly what: string;
  /** Real software that had it, with the issue where there is a public one. */
  readonly ancestor: string;
  /** The fault or input without which it does no harm; `none`. */
  readonly trigger: string;
  readonly expected: {
    readonly verdict: Verdict;
    /** One of these must be among the findings; empty for verdicts without findings. */
    readonly classes: readonly AnomalyClass[];
  };
  /** Of the harness itself: what `fleetproof verify` without the bug must say of the same run. */
  readonly verified?: Verdict;
  /**
   * `live`: `fleetproof run` with these arguments on a kept stack. `simulation`: up to so many
   * seeds.
   */
  readonly proof:
    | { readonly kind: "live"; readonly args: readonly string[] }
    | { readonly kind: "simulation"; readonly seedsMost: number };
  /** Why another bug stands here than the list's, which this design makes harmless. */
  readonly instead?: string;
};
