/** What was tried so far, on file, so that a proof that was broken off goes on where it stood. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { BugCase } from "./bug-case.ts";
import { type CaseResult, proofOf } from "./case-result.ts";

export type CaseState = {
  /** Only of the case as it is now. `bug`: what was planted, `none` for the sound pipeline. */
  readonly find: (bugCase: BugCase, bug: string) => CaseResult | undefined;
  /** Written at once. */
  readonly add: (result: CaseResult) => void;
};

/** `resume`: with what an earlier proof has done. Errors: a file that is no JSON. */
export function openCaseState(file: string, resume: boolean): CaseState {
  const all = new Map<string, CaseResult>();
  const keyOf = ({ id, bug }: Pick<CaseResult, "id" | "bug">): string => `${id} ${bug}`;
  if (resume && existsSync(file)) {
    const read = JSON.parse(readFileSync(file, "utf8")) as readonly CaseResult[];
    for (const each of read) all.set(keyOf(each), each);
  }
  return {
    find: (bugCase, bug) => {
      const known = all.get(keyOf({ id: bugCase.id, bug }));
      return known?.proofOf === proofOf(bugCase) ? known : undefined;
    },
    add(result) {
      all.set(keyOf(result), result);
      mkdirSync(dirname(file), { recursive: true });
      const draft = `${file}.draft`;
      writeFileSync(draft, `${JSON.stringify([...all.values()], null, 1)}\n`);
      renameSync(draft, file);
    },
  };
}
