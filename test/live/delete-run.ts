/** Deletes the topics, indices and index templates that the jobs of a run made. */
import type { Client } from "@elastic/elasticsearch";
import type { Admin } from "@platformatic/kafka";

export async function deleteRun(admin: Admin, elasticsearch: Client, run: string): Promise<void> {
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${run}.`));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  const index = Object.keys(await elasticsearch.indices.get({ index: `${run}-*` }));
  if (index.length > 0) await elasticsearch.indices.delete({ index });
  await elasticsearch.indices.deleteIndexTemplate({ name: `${run}-*` }, { ignore: [404] });
}
