/** What a benchmark of the persisting jobs leaves on servers that stay: taken away again. */
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import cassandra from "cassandra-driver";
import { deleteRun } from "../live/delete-run.ts";
import type { Bench } from "./with-stack.ts";

/** Topics, groups, indices and keyspace of the run. */
export async function forgetRun({ stack }: Pick<Bench, "stack">, run: string): Promise<void> {
  await cql(stack, `DROP KEYSPACE ${run}`, run);
  const admin = new Admin({ clientId: run, bootstrapBrokers: [stack.kafka.bootstrap] });
  const groups = [...(await admin.listGroups()).keys()].filter((group) => group.includes(run));
  if (groups.length > 0) await admin.deleteGroups({ groups });
  const client = new Client({ node: stack.elasticsearch.node });
  await deleteRun(admin, client, run);
  await client.close();
  await admin.close();
}

/** Nothing happens when the job has not made the keyspace yet. */
export async function cql(
  { cassandra: at }: Bench["stack"],
  statement: string,
  keyspace: string,
): Promise<readonly cassandra.types.Row[] | undefined> {
  const { contactPoint, port, localDataCenter } = at;
  const client = new cassandra.Client({
    contactPoints: [`${contactPoint}:${port}`],
    localDataCenter,
    socketOptions: { readTimeout: 60_000 },
  });
  await client.connect();
  const isThere = client.metadata.keyspaces[keyspace] !== undefined;
  const answer = isThere ? await client.execute(statement) : undefined;
  await client.shutdown();
  return answer?.rows;
}
