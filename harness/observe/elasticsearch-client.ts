/**
 * The connection to Elasticsearch as an observer needs it: no retries behind our back, no sniffing.
 */

import { Client } from "@elastic/elasticsearch";
import { plantInHarness } from "#planted";

export function openElasticsearch(node: string): Client {
  // A retried request hides a store that falters; whoever reads decides what a failure means.
  const client = new Client({ node, maxRetries: 0, requestTimeout: 60_000 });
  return plantInHarness("elasticsearch-client", client);
}
