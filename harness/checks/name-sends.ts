/** Which readings stand at some positions of a partition's plan. Walks it from the start: for findings only. */
import { createExpectedSends, type Send } from "../expected/expected-sends.ts";
import type { RunFacts } from "../facts/run-facts.ts";

/** The sends at `positions`, in their order; what lies past the plan's end is left out. */
export function nameSends(
  { plan, audit }: Pick<RunFacts, "plan" | "audit">,
  partition: number,
  positions: ReadonlySet<number>,
): readonly Send[] {
  const sends = createExpectedSends(plan, partition);
  sends.cut(audit.cutAt);
  const named: Send[] = [];
  while (named.length < positions.size && sends.has()) {
    if (positions.has(sends.position())) named.push(sends.next());
    sends.advance();
  }
  return named;
}
