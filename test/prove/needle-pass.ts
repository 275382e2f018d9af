/**
 * One pass over a fleet's log with a bad record of every kind planted in it and behind it, and the
 * question whether the judgement names each of them, exactly, and nothing else.
 */
import type { Finding } from "../../harness/checks/finding.ts";
import { type Judgement, judge } from "../../harness/checks/judge.ts";
import type { AckRange } from "../../harness/facts/ack-ranges.ts";
import type { Buckets } from "../../harness/facts/buckets.ts";
import type { Clock } from "../../pipeline/clock.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import { auditPass, rawTopic, temporaryFolder } from "./audit-pass.ts";
import type { Fleet } from "./fleet-of.ts";
import { explaining, type Needle, noTampering, type Tampering } from "./needle.ts";
import { createPipelineNeedles, pipelineNeedleNames } from "./pipeline-needles.ts";
import { createRawLog } from "./raw-log.ts";
import { createRawNeedles, type RawNeedles, rawNeedleNames } from "./raw-needles.ts";
import { factsOfRightRun } from "./right-pipeline.ts";
import { createTransactionNeedles, transactionNeedleNames } from "./transaction-needles.ts";
import { judgeUnread } from "./unread.ts";

export type NeedlePassOptions = {
  readonly fleet: Fleet;
  readonly seed: number;
  readonly clock: Clock;
  /** What the rows are divided into; as in a run unless said. */
  readonly buckets?: (plan: Plan) => Buckets;
  readonly tampering?: Tampering;
  readonly onProgress?: (state: { readonly records: number; readonly share: number }) => void;
};

type Named = { readonly needle: Needle; readonly finding: Finding | undefined };

export type NeedleResult = {
  readonly records: number;
  /** By needle: the one finding that names it. A near miss has none, and is right so. */
  readonly named: readonly Named[];
  /** The same of what is only unseen where nothing was read to its end. */
  readonly unseen: readonly Named[];
  /** What should have been named and was not, planned and never reached included. */
  readonly missed: readonly string[];
  /** Findings that no needle explains. */
  readonly unexplained: readonly Finding[];
  /** What the judgement counted beyond its examples: 0, or a class is flooded. */
  readonly unnamed: number;
  /** Which faults of its own canary the judgement caught beside them. */
  readonly canary: Judgement["canary"];
  /** From the last record to the verdict; making the facts in between is not counted. */
  readonly verdictMs: number;
};

const lostAtTheEnd = "lost at the end of the log";

export const needleNames: readonly string[] = [
  ...rawNeedleNames,
  lostAtTheEnd,
  ...pipelineNeedleNames,
  ...transactionNeedleNames,
];

export async function needlePass(options: NeedlePassOptions): Promise<NeedleResult> {
  const { fleet, seed, clock, tampering = noTampering, onProgress } = options;
  const plan = createPlan(fleet.plan);
  const raw = createRawNeedles(plan, seed, tampering);
  const log = createRawLog(plan, raw.bends);
  await using folder = await temporaryFolder();
  const pass = await auditPass({
    plan,
    folder: folder.path,
    span: fleet.span,
    log,
    clock,
    ...(options.buckets === undefined ? {} : { buckets: options.buckets(plan) }),
    withoutLast: tampering.withheld.includes(lostAtTheEnd) ? 0 : 1,
    ...(onProgress === undefined ? {} : { onSlab: onProgress }),
  });
  const { audit } = pass;
  const behind = createPipelineNeedles(plan, audit, seed, raw.devices, tampering);
  const acks = acksOf(log.sends(), raw.outcomes);
  const { changes, aborted } = behind;
  const written = createTransactionNeedles(plan, tampering, aborted);
  const { transactions } = written;
  const asked = { plan, span: fleet.span, audit, acks, changes, transactions, clock };
  const facts = factsOfRightRun(asked);
  const from = clock.monotonicMs();
  const judgement = judge(facts);
  const verdictMs = pass.finishMs + clock.monotonicMs() - from - facts.makingMs();
  const tail = tampering.unlisted.includes(lostAtTheEnd) ? [] : [lastOne(plan)];
  const needles = [...raw.needles, ...tail, ...behind.needles, ...written.needles];
  const found = compare(needles, judgement, tampering);
  const unread = judgeUnread(facts, needles);
  const missed = [...found.missed, ...unread.missed];
  const unexplained = [...found.unexplained, ...unread.unexplained];
  const { named: unseen } = unread;
  return { ...found, missed, unexplained, unseen, records: pass.records, verdictMs };
}

/** Each needle was named, nothing else was, and the canary of the judgement was caught, too. */
export function isProven({ missed, unexplained, unnamed, canary }: NeedleResult): boolean {
  const caught = canary.planted > 0 && canary.caught === canary.planted;
  return missed.length === 0 && unexplained.length === 0 && unnamed === 0 && caught;
}

/** The last closing reading of partition 0. */
function lastOne(plan: Plan): Needle {
  const { startAt, loadMs } = plan.options;
  const { device, seq } = closingReadings(plan, 0, startAt + loadMs).at(-1)!;
  const id = { device: plan.deviceId(device), boot: 0, seq };
  return {
    name: lostAtTheEnd,
    expected: { class: "lost-write", ...id, topic: rawTopic, partition: 0 },
  };
}

/** Each needle by the one finding that has all its fields; a finding explains one needle. */
function compare(needles: readonly Needle[], judgement: Judgement, tampering: Tampering) {
  const left = new Set(judgement.findings);
  const named = needles.map((needle) => {
    const { expected } = needle;
    if (expected === undefined) return { needle, finding: undefined };
    const finding = explaining([...left], expected);
    if (finding !== undefined) left.delete(finding);
    return { needle, finding };
  });
  const reached = new Set(needles.map(({ name }) => name));
  const missed = named
    .filter(({ needle, finding }) => needle.expected !== undefined && finding === undefined)
    .map(({ needle }) => needle.name);
  for (const name of needleNames) {
    if (!reached.has(name) && !tampering.unlisted.includes(name)) missed.push(name);
  }
  const counted = judgement.results.reduce(
    (sum, { counts, echoes }) =>
      sum + Object.values(counts).reduce((all, each) => all + each, 0) - echoes,
    0,
  );
  const unnamed = counted - judgement.findings.length;
  return { named, missed, unexplained: [...left], unnamed, canary: judgement.canary };
}

/** Everything was acknowledged but what a needle says. */
function acksOf(sends: readonly number[], outcomes: RawNeedles["outcomes"]): readonly AckRange[] {
  return sends.flatMap((end, partition) => {
    const others = outcomes
      .filter((each) => each.partition === partition)
      .toSorted((a, b) => a.position - b.position);
    const ranges: AckRange[] = [];
    let from = 0;
    for (const { position, outcome } of others) {
      if (position > from) ranges.push({ partition, from, to: position, outcome: "acked" });
      ranges.push({ partition, from: position, to: position + 1, outcome });
      from = position + 1;
    }
    if (end > from) ranges.push({ partition, from, to: end, outcome: "acked" });
    return ranges;
  });
}
