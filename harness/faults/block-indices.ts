/** `index.blocks.write` on the run's indices: they can be read, and refuse every write. */
import type { Client } from "@elastic/elasticsearch";
import type { Clock } from "../../simulator/clock.ts";
import { openElasticsearch } from "../observe/elasticsearch-client.ts";
import { orFaultError } from "./fault-error.ts";
import type { Indices } from "./fault-ports.ts";

const attempts = 30;
const waitMs = 1_000;

/** `indices`: a pattern that holds the run's id. Errors: `FaultError`; the signal's reason. */
export function indicesOf(options: {
  readonly node: string;
  readonly indices: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Pick<Indices, "refuseWrites" | "allowWrites"> {
  const { node, indices, clock, signal } = options;
  return {
    refuseWrites: () =>
      orFaultError(`Elasticsearch did not make ${indices} read-only`, signal, () =>
        withClient(node, async (client) => {
          const all = await readBlocks(client, indices);
          const open = all.filter(({ isClosed }) => !isClosed).map(({ name }) => name);
          // Each change is one of the whole cluster's state: none where all are closed already.
          if (open.length > 0) await setBlock(client, open.join(), true);
          return all.length;
        }),
      ),
    // Not under the run's signal: what is broken off must not leave closed indices behind.
    allowWrites: () =>
      orFaultError(`${indices} may still be read-only`, new AbortController().signal, () =>
        withClient(node, (client) => insist(() => setBlock(client, indices, null), clock)),
      ),
  };
}

export async function withClient<T>(
  node: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = openElasticsearch(node);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** An index that does not exist, or has just gone, is no error. */
async function setBlock(client: Client, index: string, write: true | null): Promise<void> {
  await client.indices.putSettings({
    index,
    allow_no_indices: true,
    ignore_unavailable: true,
    // A block by this name stays through a restart of the server; null takes it away.
    body: { [block]: write },
  } as Parameters<Client["indices"]["putSettings"]>[0]);
}

const block = "index.blocks.write";

async function readBlocks(
  client: Client,
  index: string,
): Promise<readonly { readonly name: string; readonly isClosed: boolean }[]> {
  // An index that has none of the settings asked for is left out of the answer: every one has an id.
  const name = `${block},index.uuid`;
  const found = await client.indices.getSettings({ index, name, flat_settings: true });
  return Object.entries(found).map(([each, { settings }]) => ({
    name: each,
    isClosed: (settings as Record<string, unknown> | undefined)?.[block] === "true",
  }));
}

async function insist(work: () => Promise<void>, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts) throw error;
      await clock.sleep(waitMs);
    }
  }
}
