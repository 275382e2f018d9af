/** What of a proof is done, on file, so that one that was broken off goes on where it stood. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RoundResult } from "./judge-round.ts";

export type DoneRound = RoundResult & {
  readonly round: string;
  readonly group: string;
  readonly seed: number;
  /** How often it was begun: again only where not one reading had been sent. Absent: of an earlier version. */
  readonly begun?: number;
  readonly tookMs: number;
  /** What each step was seen to do. */
  readonly effect: string;
  /** Where the run lies that was not as declared. */
  readonly folder?: string;
};

export type ProofState = {
  readonly done: () => readonly DoneRound[];
  readonly find: (round: string, seed: number) => DoneRound | undefined;
  /** Written at once. */
  readonly add: (done: DoneRound) => void;
};

const schema = 1;

/** `resume`: with what an earlier proof has done. Errors: a file that is none of ours. */
export function openProofState(file: string, resume: boolean): ProofState {
  const all = new Map<string, DoneRound>();
  const keyOf = (round: string, seed: number): string => `${seed} ${round}`;
  if (resume && existsSync(file)) {
    const read = JSON.parse(readFileSync(file, "utf8")) as {
      readonly schema: number;
      readonly rounds: readonly DoneRound[];
    };
    if (read.schema !== schema) throw new Error(`${file} is of another version: begin anew.`);
    for (const each of read.rounds) all.set(keyOf(each.round, each.seed), each);
  }
  return {
    done: () => [...all.values()],
    find: (round, seed) => all.get(keyOf(round, seed)),
    add(done) {
      all.set(keyOf(done.round, done.seed), done);
      mkdirSync(dirname(file), { recursive: true });
      const draft = `${file}.draft`;
      writeFileSync(draft, `${JSON.stringify({ schema, rounds: [...all.values()] }, null, 1)}\n`);
      renameSync(draft, file);
    },
  };
}
