/**
 * What a parser says of a text, in the format of the golden vectors
 * (`test/pipeline/kcql/vectors.jsonl`): compat answers as the genuine parser, strict has an error
 * where that one is careless.
 */
import type { Draft, GenuineStatement } from "./genuine-statement.ts";
import { type KcqlMode, parseGenuine } from "./parser.ts";
import { describeFault, placeIn } from "./text-position.ts";

type Answer = GenuineStatement & { readonly other?: Readonly<Record<string, unknown>> };

/** `ok`, `unread` and `skipped` are arrays exactly when the text holds a `;`. */
export type Verdict =
  | { readonly kcql: string; readonly error: string }
  | {
      readonly kcql: string;
      readonly ok: Answer | readonly Answer[];
      /** The tail that was never looked at; only if there is one. */
      readonly unread?: string | readonly string[];
      /** Characters that were thrown away before it; only if there are any. */
      readonly skipped?: string | readonly string[];
    };

export function verdictOf(kcql: string, mode: KcqlMode): Verdict {
  const parsed = parseGenuine(kcql);
  const [slip] = parsed.careless;
  if (mode === "strict" && slip !== undefined) {
    return { kcql, error: describeFault(placeIn(kcql)(slip)) };
  }
  if (!parsed.ok) return { kcql, error: describeFault(parsed.fault) };
  const several = kcql.includes(";");
  const of = <T>(values: readonly T[]): T | readonly T[] => (several ? values : values[0]!);
  const unread = parsed.statements.map((statement) => statement.unread);
  const skipped = parsed.statements.map((statement) => statement.skipped);
  return {
    kcql,
    ok: of(parsed.statements.map(({ draft }) => answer(draft))),
    ...(unread.some((tail) => tail !== "") && { unread: of(unread) }),
    ...(skipped.some((characters) => characters !== "") && { skipped: of(skipped) }),
  };
}

function answer({ other, ...properties }: Draft): Answer {
  return Object.keys(other).length === 0 ? properties : { ...properties, other };
}
