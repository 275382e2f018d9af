/**
 * A finished run judged again: from what topics and stores hold now where its servers are kept, from its folder alone
 * where they are gone. What cannot be read is never a PASS. Decides only; the looking is done by ports.
 */
import { type Judgement, judge, undecided } from "../checks/judge.ts";
import { FactsError } from "../facts/facts-error.ts";
import type { FolderState } from "../facts/manifest.ts";
import type { BucketedFacts, RunFacts } from "../facts/run-facts.ts";
import type { RunRecord } from "../facts/run-record.ts";

/** What looking at the kept servers came to. */
export type Look =
  | { readonly kind: "seen"; readonly facts: RunFacts | BucketedFacts }
  /** Sentences: what is no longer there, or could not be read. */
  | { readonly kind: "undecided"; readonly reasons: readonly string[] };

export type VerifyPorts = {
  /** A line of progress. */
  readonly say: (line: string) => void;
  readonly inspect: () => Promise<FolderState>;
  readonly readRecord: () => Promise<RunRecord>;
  /** The facts that the run itself recorded. */
  readonly readFacts: () => Promise<RunFacts | BucketedFacts>;
  /**
   * Looks at everything again; undefined: that stack is there no more. Errors: `StackError` for a stack that is
   * there and cannot be used.
   */
  readonly look: (stack: string, record: RunRecord) => Promise<Look | undefined>;
};

export type Verification = {
  readonly judgement: Judgement;
  readonly by: "stack" | "folder" | "nothing";
  /** What was looked at, in one sentence. */
  readonly looked: string;
};

export async function verifyRun(ports: VerifyPorts): Promise<Verification> {
  ports.say("checking the files of the run's folder");
  const state = await ports.inspect();
  if (state.kind === "unsealed") return fromNothing([unsealed]);
  if (state.kind === "damaged") {
    return fromNothing(state.damages.map(({ sentence }) => `${sentence}: ${afterDamage}`));
  }
  try {
    return await judgeAgain(await ports.readRecord(), ports);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return fromNothing([`${(error as Error).message}: ${afterAnotherVersion}`]);
  }
}

const comparing = "comparing every reading";
const afterDamage =
  "nothing can be decided from this folder; restore it from a copy, or run the scenario again";
/** Every file is as it was written, so nobody has damaged it. */
const afterAnotherVersion =
  "the folder is whole, so another version of fleetproof wrote it; judge it with that one, or a newer";
const unsealed =
  "the run was broken off before its end, or is still under way: its folder has no facts/manifest.json; " +
  "run the scenario again";

async function judgeAgain(record: RunRecord, ports: VerifyPorts): Promise<Verification> {
  const { stack } = record;
  const look = stack === null ? undefined : await ports.look(stack, record);
  if (look === undefined) {
    const looked = "the servers of this run are gone: judged from its folder alone";
    const facts = await ports.readFacts();
    ports.say(comparing);
    return { judgement: judge(facts), by: "folder", looked };
  }
  const looked =
    `topics and stores as the kept stack ${stack} holds them now; ` +
    "acknowledgements, faults and replays from the run's folder";
  if (look.kind === "undecided") {
    const tried = `the kept stack ${stack}, which no longer holds what the run left`;
    return { judgement: undecided(look.reasons), by: "stack", looked: tried };
  }
  ports.say(comparing);
  return { judgement: judge(look.facts), by: "stack", looked };
}

function fromNothing(reasons: readonly string[]): Verification {
  const looked = "nothing was judged: the run's folder is not whole";
  return { judgement: undecided(reasons), by: "nothing", looked };
}

/** A file that is whole and yet not ours to read: written by another version. */
function isUnreadable(error: unknown): boolean {
  return (
    error instanceof FactsError ||
    (error instanceof Error && "code" in error && error.code === "impossible-plan")
  );
}
