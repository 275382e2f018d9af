/** Where all contestants of `bench:produce` produce to: a topic that is fresh for each round. */
import { randomBytes } from "node:crypto";
import type { OwnKafka } from "./own-kafka.ts";
import { withTopics } from "./with-topics.ts";

export type Target = { readonly partitions: number; readonly recordBytes: number };

export async function onFreshTopic<T>(
  { bootstrap }: OwnKafka,
  { partitions }: Target,
  act: (topic: string) => Promise<T>,
): Promise<T> {
  const topic = `bench-${randomBytes(4).toString("hex")}`;
  return await withTopics(bootstrap, [topic], partitions, () => act(topic));
}
