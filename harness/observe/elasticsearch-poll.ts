/**
 * Which of the targets a search finds: visible to a search is what users mean by visible, not a get
 * by id.
 */
import type { StoreMapping } from "../scenario/scenario.ts";
import { openElasticsearch } from "./elasticsearch-client.ts";
import type { RevisionPoll } from "./revision-probe.ts";
import { fieldReader, numberOf, timeOf } from "./take-scan.ts";

/** `device` must be searchable as one term (`keyword`), `window` as a number or a date. */
export function elasticsearchPoll(options: {
  readonly node: string;
  readonly indices: string;
  readonly mapping: StoreMapping;
}): RevisionPoll {
  const { node, indices, mapping } = options;
  const client = openElasticsearch(node);
  const device = fieldReader(mapping.device);
  const window = fieldReader(mapping.window);
  const revisionField = mapping.revision ?? mapping.count;
  const revision = fieldReader(revisionField);
  const version = mapping.version === undefined ? () => undefined : fieldReader(mapping.version);
  const others = mapping.version === undefined ? [] : [mapping.version];
  return {
    async seen(targets, signal) {
      const found = await client.search<Record<string, unknown>>(
        {
          index: indices,
          ignore_unavailable: true,
          size: 10_000,
          track_total_hits: false,
          // Of an index with a shard that does not answer, half an answer would look like rows that are gone.
          allow_partial_search_results: false,
          // Copies of a shard refresh at moments of their own: always the same one, as one user sees it.
          preference: "fleetproof",
          _source: [mapping.device, mapping.window, revisionField, ...others],
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
        revision: numberOf(revision(fields)),
        version: numberOf(version(fields)),
      }));
    },
    close: () => client.close(),
  };
}
