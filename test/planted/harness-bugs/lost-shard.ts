/**
 * Planted bug H04, of the harness: the scan of Elasticsearch asks the first shard of each index
 * alone. All shards that it asked answer: no failure, no time-out, and the count of what was read
 * is the count that was told.
 * Ancestors: elastic/elasticsearch #28499 (later pages of a scroll lack a failed shard's hits
 * without an error), opensanctions/yente #1265.
 */
import type { Client } from "@elastic/elasticsearch";

type OpenPointInTime = Parameters<Client["openPointInTime"]>;

export function lostShard(client: Client): Client {
  const open = client.openPointInTime.bind(client);
  const openOfOne = (params: OpenPointInTime[0], options: OpenPointInTime[1]) =>
    open({ ...params, preference: "_shards:0" }, options);
  client.openPointInTime = openOfOne as Client["openPointInTime"];
  return client;
}
