/**
 * Which of the targets a search finds: visible to a search is what users mean by visible, not a get
 * by id.
 */
import type { StoreMapping } from "../scenario/scenario.ts";
import { openElasticsearch } from "./elasticsearch-client.ts";
import { fieldReader, timeOf } from "./store-scan.ts";
import type { VisibilityPoll } from "./visibility-probe.ts";

/** `device` must be searchable as one term (`keyword`), `window` as a number or a date. */
export function elasticsearchPoll(options: {
  readonly node: string;
  readonly indices: string;
  readonly mapping: StoreMapping;
}): VisibilityPoll {
  const { node, indices, mapping } = options;
  const client = openElasticsearch(node);
  const device = fieldReader(mapping.device);
  const window = fieldReader(mapping.window);
  return {
    async seen(targets, signal) {
      const found = await client.search<Record<string, unknown>>(
        {
          index: indices,
          ignore_unavailable: true,
          size: 10_000,
          track_total_hits: false,
          _source: [mapping.device, mapping.window],
          query: {
            bool: {
              filter: [
                { terms: { [mapping.device]: [...new Set(targets.map((one) => one.device))] } },
                {
                  terms: { [mapping.window]: [...new Set(targets.map((one) => one.windowStart))] },
                },
              ],
            },
          },
        },
        { signal },
      );
      return found.hits.hits.map(({ _source: fields = {} }) => ({
        device: String(device(fields)),
        windowStart: timeOf(window(fields)),
      }));
    },
    close: () => client.close(),
  };
}
