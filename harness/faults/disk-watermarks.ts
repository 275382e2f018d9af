/**
 * Has Elasticsearch take its disk for full, by watermarks that no disk can meet: the decision, the block and its removal
 * are its own. Settings of the whole cluster, put back afterwards; a harness that is killed in between leaves a stack
 * that refuses writes.
 */
import type { Client } from "@elastic/elasticsearch";
import type { Clock } from "../../simulator/clock.ts";
import { withClient } from "./block-indices.ts";
import { orFaultError } from "./fault-error.ts";
import type { Indices } from "./fault-ports.ts";

const attempts = 30;
const waitMs = 1_000;
const block = "index.blocks.read_only_allow_delete";
const disk = "cluster.routing.allocation.disk";

/** Free space that must be left: more than there is. */
const full = {
  "cluster.info.update.interval": "10s",
  [`${disk}.threshold_enabled`]: true,
  [`${disk}.watermark.low`]: "1000tb",
  [`${disk}.watermark.high`]: "1000tb",
  [`${disk}.watermark.flood_stage`]: "1000tb",
} as const;

/** `indices`: a pattern that holds the run's id. Errors: `FaultError`; the signal's reason. */
export function diskOf(options: {
  readonly node: string;
  readonly indices: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Pick<Indices, "fillDisk" | "blockedByDisk" | "emptyDisk"> {
  const { node, indices, clock, signal } = options;
  const what = "Elasticsearch's watermarks";
  return {
    fillDisk: () =>
      orFaultError(`${what} were not set`, signal, () =>
        withClient(node, (client) => putSettings(client, full)),
      ),
    blockedByDisk: () =>
      orFaultError(`${what} could not be seen at work`, signal, () =>
        withClient(node, (client) => countBlocked(client, indices)),
      ),
    // Not under the run's signal: what is broken off must not leave a disk behind that is taken for full.
    emptyDisk: () =>
      orFaultError(`${what} may not be put back`, new AbortController().signal, () =>
        withClient(node, async (client) => {
          const none = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
          for (let attempt = 1; ; attempt++) {
            try {
              await putSettings(client, none);
              return await unblock(client, indices);
            } catch (error) {
              if (attempt === attempts) throw error;
              await clock.sleep(waitMs);
            }
          }
        }),
      ),
  };
}

async function putSettings(
  client: Client,
  settings: Readonly<Record<string, string | boolean | null>>,
): Promise<void> {
  await client.cluster.putSettings({ persistent: settings });
}

async function countBlocked(client: Client, index: string): Promise<number> {
  const name = `${block},index.uuid`;
  const found = await client.indices.getSettings({ index, name, flat_settings: true });
  const all = Object.values(found).map(({ settings }) => settings as Record<string, unknown>);
  return all.filter((settings) => settings?.[block] === "true").length;
}

/** It takes the block away by itself when it next looks; the run does not wait for that. */
async function unblock(client: Client, index: string): Promise<void> {
  await client.indices.putSettings({
    index,
    allow_no_indices: true,
    ignore_unavailable: true,
    body: { [block]: null },
  } as Parameters<Client["indices"]["putSettings"]>[0]);
}
