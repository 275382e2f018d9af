/**
 * A planted bad record, and what the judgement must say of it: all of these fields, in exactly one
 * finding.
 */
import type { Finding } from "../../harness/checks/finding.ts";

/** A near miss expects nothing: it looks like a fault and is none. */
export type Expected = Partial<Finding> & Pick<Finding, "class">;

export type Needle = {
  readonly name: string;
  readonly expected: Expected | undefined;
};

/** What a test may ask for, by name: a check that cannot fail is none. */
export type Tampering = {
  /** Not planted, and expected all the same. */
  readonly withheld: readonly string[];
  /** Planted, and not expected. */
  readonly unlisted: readonly string[];
};

export const noTampering: Tampering = { withheld: [], unlisted: [] };
