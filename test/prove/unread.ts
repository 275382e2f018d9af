/**
 * The same facts judged as if nothing had been read to its end: what is absent may still come, so it
 * is named as *unseen*, and nothing of it is called lost.
 */
import type { AnomalyClass, Finding } from "../../harness/checks/finding.ts";
import { judge } from "../../harness/checks/judge.ts";
import { checkNoLoss } from "../../harness/checks/no-loss.ts";
import type { BucketedFacts, RunFacts, WholeFacts } from "../../harness/facts/run-facts.ts";
import { rawTopic } from "./audit-pass.ts";
import { type Expected, explaining, type Needle } from "./needle.ts";

/** What only the end of a log, or of a job's backlog, makes of an absence. */
const absences: readonly AnomalyClass[] = ["lost-write", "silent-drop", "stale-final"];
/** The end of the names of needles that are named so. */
export const notReadToTheEnd = ", not read to the end";

type Unread = {
  readonly named: readonly { readonly needle: Needle; readonly finding: Finding | undefined }[];
  readonly missed: readonly string[];
  /** Called lost all the same. */
  readonly unexplained: readonly Finding[];
};

export function judgeUnread(facts: BucketedFacts, needles: readonly Needle[]): Unread {
  const { whole, buckets, read } = facts;
  // Of a pipeline whose input was not read to its end nothing is said at all: one after the other.
  const ofRaw = checkNoLoss({ ...whole, audit: { ...whole.audit, reachedEnd: false } }).findings;
  const ofPipeline = judge({
    whole: unread(whole),
    buckets,
    read: (bucket) => unread(read(bucket)),
  }).findings.filter((finding) => !isRawLoss(finding));
  const findings = [...ofRaw, ...ofPipeline];
  const named = needles.flatMap(({ name, expected }) => {
    if (expected === undefined || !absences.includes(expected.class)) return [];
    const needle = { name: `${name}${notReadToTheEnd}`, expected: unseen(expected) };
    return [{ needle, finding: explaining(findings, needle.expected) }];
  });
  const missed = named.filter(({ finding }) => finding === undefined);
  return {
    named,
    missed: missed.map(({ needle }) => needle.name),
    unexplained: findings.filter((finding) => absences.includes(finding.class)),
  };
}

function unread<F extends WholeFacts | RunFacts>(facts: F): F {
  const { record, topics } = facts;
  return {
    ...facts,
    record: { ...record, drain: "shrinking" },
    topics: { ...topics, reachedEnd: false },
  };
}

function isRawLoss({ class: kind, topic }: Finding): boolean {
  return kind === "lost-write" && topic === rawTopic;
}

function unseen(expected: Expected) {
  return { ...expected, class: "unseen" } as const;
}
