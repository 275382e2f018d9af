/**
 * Which of the targets Elasticsearch gives by id. It does so as soon as it has taken a document, before the next refresh
 * shows it to a search. Where documents lie is learned from the first one that a search finds; before, nothing is seen.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { StoreMapping } from "../scenario/scenario.ts";
import { learnPlace, type PlaceOf } from "./document-place.ts";
import { openElasticsearch } from "./elasticsearch-client.ts";
import { fieldReader, timeOf } from "./take-scan.ts";
import type { VisibilityPoll } from "./visibility-probe.ts";

const learnEveryMs = 500;

export type GetPoll = VisibilityPoll & {
  /** Whether it can answer: a window that could close before was not looked for in time. */
  readonly isReady: () => boolean;
};

export function elasticsearchGetPoll(options: {
  readonly node: string;
  readonly indices: string;
  readonly mapping: StoreMapping;
  readonly clock: Clock;
}): GetPoll {
  const { node, indices, mapping, clock } = options;
  const client = openElasticsearch(node);
  const device = fieldReader(mapping.device);
  const window = fieldReader(mapping.window);
  const closing = new AbortController();
  const { signal } = closing;
  let placeOf: PlaceOf | undefined;

  async function learn(): Promise<void> {
    const asked = { index: indices, ignore_unavailable: true, size: 1, track_total_hits: false };
    const found = await client.search<Record<string, unknown>>(asked, { signal });
    for (const { _index: index, _id: id = "", _source: fields = {} } of found.hits.hits) {
      const seen = { device: String(device(fields)), windowStart: timeOf(window(fields)) };
      if (Number.isFinite(seen.windowStart)) placeOf = learnPlace({ ...seen, index, id });
    }
  }

  async function learning(): Promise<void> {
    while (placeOf === undefined && !signal.aborted) {
      await learn().catch(() => undefined); // A store that is down tells nothing; the next look may.
      await clock.sleep(learnEveryMs, signal).catch(() => undefined); // Only the abort rejects.
    }
  }

  const learned = learning();
  return {
    isReady: () => placeOf !== undefined,
    async seen(targets, asking) {
      if (placeOf === undefined) return [];
      const docs = targets.map(placeOf).map(({ index, id }) => ({
        _index: index,
        _id: id,
        _source: false,
      }));
      const { docs: got } = await client.mget({ docs }, { signal: asking });
      return targets.filter((_, at) => (got[at] as { readonly found?: boolean }).found === true);
    },
    async close() {
      closing.abort();
      await learned;
      await client.close();
    },
  };
}
