/**
 * The probes of a run, two a store on one connection, as one thing to open, finish and dispose of: how soon a row can
 * be seen (`visibility-probe.ts`), and whether what was seen once ever goes back (`revision-probe.ts`). Where a row can
 * be had by its id before a search finds it, one more looks for that.
 */
import type { SeenRevisions } from "../../facts/seen-revisions.ts";
import { createSeenTable } from "../../facts/seen-revisions.ts";
import { addValues, rowOf } from "../../facts/table.ts";
import type { LatencyHistogram } from "../../observe/histogram.ts";
import { startRevisionProbe } from "../../observe/revision-probe.ts";
import { startVisibilityProbe, type VisibilityProbe } from "../../observe/visibility-probe.ts";
import type { RunContext } from "../run-context.ts";
import { storeAccess } from "../stores.ts";
import type { Timeline } from "../timeline.ts";

export type Probes = AsyncDisposable & {
  readonly all: readonly VisibilityProbe[];
  /** No further windows come. The looks at revisions go on. */
  readonly finish: (withinMs: number) => Promise<void>;
  /** By hop: `visible.<store>`, and `byId.<store>` where that is sooner. */
  readonly latencies: () => Readonly<Record<string, LatencyHistogram>>;
  /** What the looks at revisions saw, the last one included, which is made now. Once. */
  readonly revisions: () => Promise<SeenRevisions>;
};

/** A row that is not there when the next window has closed is looked for no longer: the backlog's figures tell. */
const giveUpLeastMs = 120_000;
/** A store that is down, or suspended by a fault that was not healed, is not waited for. */
const lastLookWithinMs = 10_000;

/** `onSample`: told of each latency as it is seen, by hop. */
export function openProbes(
  context: RunContext,
  timeline: Timeline,
  onSample?: (hop: string, ms: number) => void,
): Probes {
  const { scenario, plan, clock, jobs } = context;
  const { seed } = scenario;
  const { fleetDevices: devices, deviceId } = plan;
  const windows = [...timeline.windows, ...windowsAfter(timeline, scenario.window.sizeMs)].map(
    (start) => ({ start, fromMs: timeline.couldCloseAt(start) }),
  );
  const sampled = { clock, seed, devices, deviceId };
  const looksFor = {
    ...sampled,
    measureFromMs: timeline.measureFromMs,
    giveUpAfterMs: Math.max(giveUpLeastMs, scenario.window.sizeMs / scenario.fleet.timeScale),
  };
  const probes = jobs.map(({ store }, index) => {
    const poll = storeAccess(context, store).poll();
    const revisions = startRevisionProbe({ ...sampled, poll, windows, store: index });
    const told = (ms: number): void => onSample?.(`visible.${store}`, ms);
    return { store, revisions, probe: startVisibilityProbe({ ...looksFor, poll, onSample: told }) };
  });
  const byId = jobs.flatMap(({ store }) => {
    const poll = storeAccess(context, store).pollById?.(clock);
    if (poll === undefined) return [];
    const hop = `byId.${store}`;
    const told = (ms: number): void => onSample?.(hop, ms);
    const { isReady } = poll;
    return { hop, probe: startVisibilityProbe({ ...looksFor, poll, isReady, onSample: told }) };
  });
  const all = [...probes, ...byId].map(({ probe }) => probe);
  return {
    all,
    async finish(withinMs) {
      for (const { revisions } of probes) revisions.allClosed();
      await Promise.all(all.map((probe) => probe.finish(withinMs)));
    },
    latencies: () =>
      Object.fromEntries([
        ...byId.map(({ hop, probe }) => [hop, probe.histogram]),
        ...probes.map(({ store, probe }) => [`visible.${store}`, probe.histogram]),
      ]),
    async revisions() {
      await Promise.all(probes.map(({ revisions }) => revisions.finish(lastLookWithinMs)));
      const table = createSeenTable();
      for (const { revisions } of probes) {
        for (let row = 0; row < revisions.table.length; row++) {
          addValues(table, rowOf(revisions.table, row));
        }
      }
      return {
        stores: probes.map(({ store }) => store),
        failedLooks: probes.map(({ revisions }) => revisions.failedLooks),
        table,
      };
    },
    async [Symbol.asyncDispose]() {
      // The connection is the visibility probe's to close.
      await Promise.all(probes.map(({ revisions }) => revisions[Symbol.asyncDispose]()));
      await Promise.all(all.map((probe) => probe[Symbol.asyncDispose]()));
    },
  };
}

/** The last windows of the load, which the closing readings close. */
function windowsAfter({ windows, eventOf, loadEndMs }: Timeline, sizeMs: number): number[] {
  const endsAt = eventOf(loadEndMs);
  const more: number[] = [];
  const last = windows.at(-1);
  if (last === undefined) return [];
  for (let start = last + sizeMs; start < endsAt; start += sizeMs) more.push(start);
  return more;
}
