/** The promises of a sink, checked on any store: the in-memory ones and the real ones run this suite. */
import { describe } from "vitest";
import { agingPromises } from "./sink-aging.ts";
import { sinkBench } from "./sink-bench.ts";
import { failurePromises } from "./sink-failures.ts";
import type { SinkFixture, SinkTraits } from "./sink-fixture.ts";
import { tombstonePromises } from "./sink-tombstones.ts";
import { versionPromises } from "./sink-versions.ts";

export function sinkContract(
  name: string,
  createFixture: () => Promise<SinkFixture>,
  traits: SinkTraits,
): void {
  describe(name, () => {
    const bench = sinkBench(createFixture, traits);
    versionPromises(bench);
    tombstonePromises(bench);
    failurePromises(bench, traits);
    agingPromises(bench, traits);
  });
}
