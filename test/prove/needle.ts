/**
 * A planted bad record, and what the judgement must say of it: all of these fields, in exactly one
 * finding.
 */
import { isDeepStrictEqual } from "node:util";
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

/** The finding that has all these fields. */
export function explaining(findings: readonly Finding[], expected: Expected): Finding | undefined {
  const keys = Object.keys(expected) as (keyof Finding)[];
  return findings.find((each) => keys.every((key) => isDeepStrictEqual(each[key], expected[key])));
}
