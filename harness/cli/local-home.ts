/** What every command that touches the machine needs: the home of caches and records, and the wall clock. */
import type { Clock } from "../../simulator/clock.ts";
import { systemClock } from "../../simulator/clock.ts";
import type { Registry } from "../process/registry.ts";
import { type Home, homeOf, registryOf } from "../stack/home.ts";

export type LocalHome = {
  readonly home: Home;
  readonly registry: Registry;
  readonly clock: Clock;
};

export function localHome(): LocalHome {
  const home = homeOf(process.env);
  const registry = registryOf(home, (sentence) => process.stderr.write(`${sentence}\n`));
  return { home, registry, clock: systemClock };
}
