/** The visibility probes of a run, one a store, as one thing to open, finish and dispose of. */
import type { LatencyHistogram } from "../../observe/histogram.ts";
import { startVisibilityProbe, type VisibilityProbe } from "../../observe/visibility-probe.ts";
import type { RunContext } from "../run-context.ts";
import { storeAccess } from "../stores.ts";

export type Probes = AsyncDisposable & {
  readonly all: readonly VisibilityProbe[];
  readonly finish: (withinMs: number) => Promise<void>;
  /** By hop: `visible.<store>`. */
  readonly latencies: () => Readonly<Record<string, LatencyHistogram>>;
};

/** A row that is not there when the next window has closed is looked for no longer: the backlog's figures tell. */
const giveUpLeastMs = 120_000;

/** `onSample`: told of each sample as it is seen, by hop. */
export function openProbes(
  context: RunContext,
  measureFromMs: number,
  onSample?: (hop: string, ms: number) => void,
): Probes {
  const { scenario, plan, clock, jobs } = context;
  const probes = jobs.map(({ store }) => ({
    store,
    probe: startVisibilityProbe({
      poll: storeAccess(context, store).poll(),
      clock,
      seed: scenario.seed,
      devices: plan.fleetDevices,
      deviceId: plan.deviceId,
      measureFromMs,
      giveUpAfterMs: Math.max(giveUpLeastMs, scenario.window.sizeMs / scenario.fleet.timeScale),
      onSample: (ms) => onSample?.(`visible.${store}`, ms),
    }),
  }));
  const all = probes.map(({ probe }) => probe);
  return {
    all,
    async finish(withinMs) {
      await Promise.all(all.map((probe) => probe.finish(withinMs)));
    },
    latencies: () =>
      Object.fromEntries(probes.map(({ store, probe }) => [`visible.${store}`, probe.histogram])),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((probe) => probe[Symbol.asyncDispose]()));
    },
  };
}
