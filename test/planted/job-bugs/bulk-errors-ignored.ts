/**
 * Planted bug B03: a bulk that is answered 200 counts as stored, whatever `errors` and its items
 * say.
 * Ancestors: elastic/logstash #1631 ("rejected docs in bulk indexing partial failure are silently
 * lost"), vectordotdev/vector #140, syslog-ng/syslog-ng #3672.
 */
import type { BulkItem, ElasticsearchApi } from "../../../pipeline/sinks/elasticsearch/api.ts";

const indexed: BulkItem = { status: 201 };

export function bulkErrorsIgnored(api: ElasticsearchApi): ElasticsearchApi {
  return {
    ...api,
    bulk: async (body, signal) => (await api.bulk(body, signal)).map(() => indexed),
  };
}
