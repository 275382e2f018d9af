/**
 * Planted bug B05: a 409 is taken for a failure that passes. Against an external version it can
 * never succeed: the task writes the same documents for ever.
 * Ancestors: apache/flink-connector-elasticsearch #107 (some 500 bulk requests a second, the flush
 * never returns), confluentinc/kafka-connect-elasticsearch #599 (the task dies of it).
 */
import type { BulkItem, ElasticsearchApi } from "../../../pipeline/sinks/elasticsearch/api.ts";

const conflict = 409;
const unavailable = 503;

export function conflictRetried(api: ElasticsearchApi): ElasticsearchApi {
  const passing = (item: BulkItem): BulkItem =>
    item.status === conflict ? { ...item, status: unavailable } : item;
  return {
    ...api,
    bulk: async (body, signal) => (await api.bulk(body, signal)).map(passing),
  };
}
