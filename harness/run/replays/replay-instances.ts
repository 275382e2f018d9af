/** Which processes are the instances of the persisting jobs: those that there are, and those that a fault may start. */
import type { FaultStep } from "../../scenario/fault-kinds/fault-catalogue.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import type { ProcessSlots } from "../process-slots.ts";

/**
 * Every name to be held so that nobody starts, stops or kills an instance of these stores' jobs meanwhile. (One that
 * stands in for a paused one is started by whoever holds the paused one's name.)
 */
export function instancesOf(
  stores: readonly StoreName[],
  slots: Pick<ProcessSlots, "names">,
  faults: readonly Pick<FaultStep, "target">[],
): readonly string[] {
  const names = new Set([...slots.names(), ...faults.map(({ target }) => target)]);
  return [...names].filter((name) => {
    const store = /^job-(.+)-\d+$/.exec(name)?.[1];
    return stores.some((one) => one === store);
  });
}
