/** Takes a run that was as declared off the stack again, so that a hundred of them do not fill it. */
import { Admin } from "@platformatic/kafka";
import { Client as CassandraClient } from "cassandra-driver";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import type { RunningStack } from "../../harness/stack/running-stack.ts";
import { deleteRun } from "../live/delete-run.ts";

/** Errors: those of the requests. */
export async function forgetRun(stack: RunningStack, run: string): Promise<void> {
  const admin = new Admin({
    clientId: "fleetproof-prove",
    bootstrapBrokers: [stack.kafka.bootstrap],
  });
  const elasticsearch = openElasticsearch(stack.elasticsearch.node);
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const cassandra = new CassandraClient({
    contactPoints: [contactPoint],
    protocolOptions: { port },
    localDataCenter,
  });
  try {
    await deleteRun(admin, elasticsearch, run);
    await cassandra.execute(`DROP KEYSPACE IF EXISTS ${run}`);
  } finally {
    await Promise.all([admin.close(), elasticsearch.close(), cassandra.shutdown()]);
  }
}
