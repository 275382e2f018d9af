/**
 * The connection to Elasticsearch as an observer needs it: no retries behind our back, no sniffing.
 */

import { Client } from "@elastic/elasticsearch";
import { plantInHarness } from "#planted";

export function openElasticsearch(node: string): Client {
  const client = new Client({
    node,
    // A retried request hides a store that falters; whoever reads decides what a failure means.
    maxRetries: 0,
    requestTimeout: 60_000,
    // Its search for names such as `__proto__` costs as much as the parsing, and a row that has one shall be seen as it is.
    disablePrototypePoisoningProtection: true,
  });
  return plantInHarness("elasticsearch-client", client);
}
