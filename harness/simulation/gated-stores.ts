/** The stores' ports behind an instance's gate. What is written enters the trace. */
import { type CassandraApi, CassandraApiError } from "../../pipeline/sinks/cassandra/api.ts";
import {
  type ElasticsearchApi,
  ElasticsearchApiError,
} from "../../pipeline/sinks/elasticsearch/api.ts";
import type { Complaints, Effects, Gate, GateWorld } from "./gate.ts";

export function gatedElasticsearch(
  api: ElasticsearchApi,
  gate: Gate,
  { trace, effects }: Pick<GateWorld, "trace" | "effects">,
  isDown: () => boolean,
): ElasticsearchApi {
  const complaints: Complaints = {
    refused: () => new ElasticsearchApiError("connection refused", undefined),
    unknown: () => new ElasticsearchApiError("socket hang up", undefined),
    mayBeLate: true,
    isDown,
  };
  const pass = <T>(work: () => Promise<T>): Promise<T> =>
    gate.pass(() => counted(work, effects), complaints);
  return {
    bulk: (body, signal) => {
      const copy = Buffer.from(body); // its owner fills it anew once it has an answer
      return pass(async () => {
        trace.text(copy);
        const items = await api.bulk(copy, signal);
        effects.rejected += items.filter(({ status }) => status === 429).length;
        return items;
      });
    },
    readTemplate: (name, signal) => pass(() => api.readTemplate(name, signal)),
    putIndexTemplate: (name, body, signal) => pass(() => api.putIndexTemplate(name, body, signal)),
    readMappings: (pattern, signal) => pass(() => api.readMappings(pattern, signal)),
    hasPipeline: (name, signal) => pass(() => api.hasPipeline(name, signal)),
    listIndices: (pattern, signal) => pass(() => api.listIndices(pattern, signal)),
    closeIndex: (index, signal) => pass(() => api.closeIndex(index, signal)),
    deleteIndex: (index, signal) => pass(() => api.deleteIndex(index, signal)),
    close: api.close,
  };
}

export function gatedCassandra(
  api: CassandraApi,
  gate: Gate,
  { trace, effects }: Pick<GateWorld, "trace" | "effects">,
  isDown: () => boolean,
): CassandraApi {
  const complaints: Complaints = {
    refused: () => new CassandraApiError("unavailable", { passing: true, definite: true }),
    unknown: () => new CassandraApiError("write timeout", { passing: true }),
    mayBeLate: true,
    isDown,
  };
  const pass = <T>(work: () => Promise<T>): Promise<T> =>
    gate.pass(() => counted(work, effects), complaints);
  return {
    connect: () => pass(api.connect),
    createKeyspace: (name, replication) => pass(() => api.createKeyspace(name, replication)),
    createTable: (table) => pass(() => api.createTable(table)),
    describeTable: (keyspace, name) => pass(() => api.describeTable(keyspace, name)),
    apply: (plan, rows, signal) => {
      const copy = rows.map((row) => ({ ...row, cells: [...row.cells] }));
      return pass(() => {
        trace.text(JSON.stringify(copy));
        return api.apply(plan, copy, signal);
      });
    },
    close: api.close,
  };
}

/** The only errors of a store of its own are those of a trouble. */
async function counted<T>(work: () => Promise<T>, effects: Effects): Promise<T> {
  try {
    return await work();
  } catch (error) {
    effects.rejected += 1;
    throw error;
  }
}
