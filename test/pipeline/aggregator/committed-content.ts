/** What a reader of committed records finds in a topic, as text. */
import { readStretch } from "../../../pipeline/aggregator/read-stretch.ts";
import type { Clock } from "../../../pipeline/clock.ts";
import type { Log } from "../../../pipeline/kafka/port.ts";
import { createCommittedFilter } from "../../../pipeline/kafka/read-committed.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  readHeaders,
} from "../../../pipeline/kafka/wire/record-cursor.ts";

/** The records of each partition, in order, as `key value {headers}`. */
export async function committedContent(
  log: Log,
  clock: Clock,
  topic: string,
  partitions: readonly number[],
): Promise<string[][]> {
  return Promise.all(partitions.map((partition) => contentOf(log, clock, topic, partition)));
}

async function contentOf(
  log: Log,
  clock: Clock,
  topic: string,
  partition: number,
): Promise<string[]> {
  const ends = await log.endOffsets(topic, [partition], "read_committed");
  const filter = createCommittedFilter();
  const view = emptyRecord();
  const found: string[] = [];
  let position = 0;
  await readStretch(
    log,
    clock,
    { topic, partition, from: 0, until: ends.get(partition) ?? 0 },
    (fetched) => {
      position = filter(fetched, position, (batch) => {
        for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
          const headers = readHeaders(view).map(({ key, value }) => `${key}=${value}`);
          const key = view.bytes.toString("latin1", view.keyStart, Math.max(view.keyEnd, 0));
          const value = view.bytes.toString("latin1", view.valueStart, Math.max(view.valueEnd, 0));
          found.push(`${key} ${value} {${headers}}`);
        }
      });
      return position;
    },
    new AbortController().signal,
  );
  return found;
}
