/**
 * The offsets of a job's group, for REST: read at any time, changed only while the job is STOPPED
 * and nobody is in the group. What is asked for is checked against the log first: a typing error
 * must not skip what was never stored.
 */
import type { Clock } from "../../clock.ts";
import { connectGroup } from "../../contract/names.ts";
import { type Kafka, KafkaError } from "../../kafka/port.ts";
import { type ConnectorOffset, HerderError } from "./herder.ts";

/**
 * Tasks that were stopped are given so long to leave: as long as a batch may take to end, and some.
 */
const leaveWithinMs = 15_000;
const lookEveryMs = 200;
/** More partitions than any topic of ours. */
const offsetsMax = 10_000;

export async function readOffsets(
  kafka: Pick<Kafka, "groups">,
  job: string,
): Promise<readonly ConnectorOffset[]> {
  const committed = await kafka.groups.allCommitted(connectGroup(job));
  return committed
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

/**
 * Errors: `HerderError` of code `invalid` that names every fault, `wrong-state` while the group has
 * members.
 */
export async function changeOffsets(
  kafka: Pick<Kafka, "groups" | "log" | "topics">,
  clock: Clock,
  job: { readonly name: string; readonly topics: readonly string[] },
  wanted: readonly ConnectorOffset[],
): Promise<void> {
  const faults = await faultsOf(kafka, job.topics, wanted);
  if (faults.length > 0) throw new HerderError("invalid", faults.join("\n"));
  const group = connectGroup(job.name);
  await untilEmpty(kafka, clock, job.name);
  const set = wanted.flatMap(({ topic, partition, offset }) =>
    offset === null ? [] : [{ topic, partition, offset, metadata: "" }],
  );
  const taken = wanted.filter(({ offset }) => offset === null);
  await changed(job.name, async () => {
    if (set.length > 0) await kafka.groups.alter(group, set);
    if (taken.length > 0) await kafka.groups.forget(group, taken);
  });
}

/** Takes all of them away. Errors: as `changeOffsets`. */
export async function forgetOffsets(
  kafka: Pick<Kafka, "groups">,
  clock: Clock,
  job: string,
): Promise<void> {
  await untilEmpty(kafka, clock, job);
  await changed(job, () => kafka.groups.forget(connectGroup(job), undefined));
}

async function faultsOf(
  kafka: Pick<Kafka, "log" | "topics">,
  topics: readonly string[],
  wanted: readonly ConnectorOffset[],
): Promise<readonly string[]> {
  if (wanted.length === 0) return ["No offsets were given."];
  if (wanted.length > offsetsMax) return [`More than ${offsetsMax} offsets in one request.`];
  const counts = await kafka.topics.find(topics);
  const ranges = new Map<string, readonly [number, number]>();
  for (const topic of new Set(wanted.map((one) => one.topic))) {
    const all = Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => partition);
    if (all.length === 0) continue;
    const starts = await kafka.log.startOffsets(topic, all);
    const ends = await kafka.log.endOffsets(topic, all, "read_uncommitted");
    for (const partition of all) {
      const range = [starts.get(partition) ?? 0, ends.get(partition) ?? 0] as const;
      ranges.set(`${topic}-${partition}`, range);
    }
  }
  const seen = new Set<string>();
  return wanted.flatMap(({ topic, partition, offset }) => {
    const where = `${topic}-${partition}`;
    if (seen.has(where)) return [`${where} is named twice.`];
    seen.add(where);
    if (!topics.includes(topic))
      return [`'${topic}' is no topic of this job: ${topics.join(", ")}.`];
    const range = ranges.get(where);
    if (range === undefined) return [`${topic} has no partition ${partition}.`];
    const [start, end] = range;
    if (offset === null || (Number.isSafeInteger(offset) && offset >= start && offset <= end)) {
      return [];
    }
    return [`${where} holds offsets ${start} to ${end}; ${offset} is not among them.`];
  });
}

async function untilEmpty(
  { groups }: Pick<Kafka, "groups">,
  clock: Clock,
  job: string,
): Promise<void> {
  const deadline = clock.monotonicMs() + leaveWithinMs;
  for (;;) {
    const members = await groups.memberCount(connectGroup(job));
    if (members === 0) return;
    if (clock.monotonicMs() > deadline) throw notEmpty(job, `members (${members})`);
    await clock.sleep(lookEveryMs);
  }
}

/** Someone may have joined between the look and the deed: the broker refuses it then. */
async function changed(job: string, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (error instanceof KafkaError && error.code === "group-not-empty") {
      throw notEmpty(job, "members");
    }
    throw error;
  }
}

function notEmpty(job: string, who: string): HerderError {
  const message =
    `The offsets of ${job} cannot be changed: its group ${connectGroup(job)} still has ${who}. ` +
    "Its tasks are stopping, or something else reads under its name; ask again when they are gone.";
  return new HerderError("wrong-state", message);
}
