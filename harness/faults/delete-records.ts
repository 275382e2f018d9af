/**
 * `delete-records`: who reads the topic stands still, and what it has not read is cut from the topic's beginning, as
 * retention does with a consumer that is too slow. Nobody can aggregate or store what is gone: whoever meets the gap must
 * say so, and must not go on behind it by himself. A job that has failed at it is moved behind it by its operator.
 */
import type { RecordPlace } from "../facts/run-record.ts";
import { stageOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved, within } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

/** Whoever audits the topic is a second behind at most: that it was there can still be told. */
const auditedAfterMs = 1_500;

type Gap = {
  readonly stage: string;
  readonly places: readonly RecordPlace[];
  readonly records: number;
};

export async function deleteRecords(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { instances, topics, jobs, clock, signal } = ports;
  const stages = stagesBehind(target, ports);
  const names = readersOf(target, ports);
  // What fails at the gap fails because the scenario wants it; a process that ends at it is told as a trouble.
  const endExpectation = jobs.expectFailures();
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  let gaps: readonly Gap[] = [];
  try {
    await Promise.all(names.map((name) => instances.suspend(name)));
    await clock.sleep(forMs, signal);
    const ends = await topics.ends(target);
    await clock.sleep(auditedAfterMs, signal);
    const read = stages.map(async (stage) => gapOf(stage, target, ends, ports));
    gaps = (await Promise.all(read)).filter(({ records }) => records > 0);
    if (gaps.length > 0) await topics.cut(target, ends);
  } finally {
    for (const name of names) instances.resume(name);
  }
  const lastedMs = sinceMs();
  return {
    async report() {
      const outcomes = await Promise.all(gaps.map((gap) => meet(gap, names, ports)));
      endExpectation();
      const wentOn = outcomes.every(({ moved }) => moved);
      const recoveredMs = gaps.length > 0 && wentOn ? sinceMs() : null;
      const cut = `after ${seconds(lastedMs)} of standing still ${target} was cut`;
      const told = outcomes.map((each) => each.told).join("; ");
      const effect = gaps.length > 0 ? `${cut}; ${told}` : null;
      const untilMs = atMs + lastedMs;
      return { kind: "delete-records", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/** The processes that read the topic and run. */
export function readersOf(
  target: string,
  ports: Pick<FaultPorts, "instances" | "jobs">,
): readonly string[] {
  const stages = stagesBehind(target, ports);
  return ports.instances.running().filter((name) => stages.includes(stageOf(name)));
}

function stagesBehind(target: string, { jobs }: Pick<FaultPorts, "jobs">): readonly string[] {
  return target === "raw" ? ["aggregator"] : jobs.targets;
}

/** What this stage has not committed yet, and will not find any more. */
async function gapOf(
  stage: string,
  target: string,
  ends: ReadonlyMap<number, bigint>,
  ports: FaultPorts,
): Promise<Gap> {
  const progress = await progressOn(stage, undefined, ports);
  const unread = [...ends].map(([partition, end]) => {
    const done = progress.get(partition)?.done ?? 0n;
    const records = end > done ? Number(end - done) : 0;
    return { topic: ports.topics.nameOf(target), partition, offset: Number(end) - 1, records };
  });
  const places = unread.filter(({ records }) => records > 0);
  return { stage, places, records: places.reduce((sum, { records }) => sum + records, 0) };
}

type Met = { readonly told: string; readonly moved: boolean };

async function meet(gap: Gap, names: readonly string[], ports: FaultPorts): Promise<Met> {
  const { stage, places, records } = gap;
  const { instances, jobs } = ports;
  const lost = `${count(records, "record")} that ${stage} had not read`;
  const mine = names.filter((name) => stageOf(name) === stage);
  const ended = (): string | undefined => mine.find((name) => !instances.isRunning(name));
  let failure: string | undefined;
  const came = await within(ports, async () => {
    if (ended() !== undefined) return true;
    if (jobs.targets.includes(stage)) [failure] = await jobs.failures(stage);
    return failure !== undefined;
  });
  const died = ended();
  if (died !== undefined) {
    return { told: `${lost}: ${died} ended by ${instances.lastExit(died)}`, moved: false };
  }
  if (!came) return { told: `${lost}, and nobody said so`, moved: false };
  const before = await standingAt(stage, places, ports);
  await jobs.moveBehind(stage, ...places);
  const moved = await untilMoved(stage, before, ports);
  const wentOn = moved ? "and went on" : "and did not go on";
  return { told: `${lost}: ${failure}; moved behind the gap by its operator, ${wentOn}`, moved };
}

/** Where it goes on is past the gap, whether there is more or not. */
async function standingAt(
  stage: string,
  places: readonly RecordPlace[],
  ports: FaultPorts,
): Promise<StageProgress> {
  return progressOn(
    stage,
    places.map(({ partition }) => partition),
    ports,
  );
}
