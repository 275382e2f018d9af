/**
 * What a clause after the topic is, and the makings of the simple ones: flags, numbers and single
 * words. A clause is read after its keyword. One that wants a value and does not find it is an
 * error; what follows the value is not looked at by the genuine parser, so a value that ends within
 * a word is noted.
 */
import type { Draft } from "./genuine-statement.ts";
import type { Token, TokenKind } from "./lexer.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

export type Clause = {
  readonly keyword: string;
  readonly read: (reader: TokenReader, draft: Draft) => void;
};

/** Kinds that the genuine grammar calls TOPICNAME. */
export const topicName = ["name", "quoted"] as const satisfies readonly TokenKind[];

export const anyWord = ["int", "field", ...topicName] as const satisfies readonly TokenKind[];

export const maxInt = 2n ** 31n - 1n;
export const maxLong = 2n ** 63n - 1n;

export function flag(keyword: string, set: (draft: Draft) => void): Clause {
  return { keyword, read: (_, draft) => set(draft) };
}

type NumberLimits = {
  readonly min?: bigint;
  readonly max?: bigint;
  /** LIMIT, PROJECTTO and their like stand before their number without a `=`. */
  readonly equals?: false;
  /** What the number counts, for messages: `seconds`. */
  readonly unit?: string;
};

export function numberClause(
  keyword: string,
  limits: NumberLimits,
  set: (draft: Draft, value: number) => void,
): Clause {
  const usage = `Write ${keyword}${limits.equals === false ? " " : "="}${limits.unit ?? "number"}.`;
  return {
    keyword,
    read: (reader, draft) => {
      if (limits.equals !== false) reader.expect("=", usage);
      set(draft, readNumber(reader, keyword, limits, usage));
    },
  };
}

export function readNumber(
  reader: TokenReader,
  keyword: string,
  { min = 1n, max = maxInt, unit }: NumberLimits,
  usage?: string,
): number {
  const what = unit === undefined ? "a number" : `a number of ${unit}`;
  const token = reader.expectKind(["int"], what, usage);
  const value = BigInt(token.text);
  if (value < min || value > max) {
    reader.refuse(token, `${keyword} is ${token.text}; ${min} to ${max} is allowed`);
  }
  noteCut(
    reader,
    token,
    `${keyword} takes a whole number${unit === undefined ? "" : ` of ${unit}`}`,
  );
  return Number(value);
}

export function wordClause(
  keyword: string,
  kinds: readonly TokenKind[],
  set: (draft: Draft, token: Token, reader: TokenReader) => void,
  equals: "=" | " " = "=",
): Clause {
  return {
    keyword,
    read: (reader, draft) => {
      const usage = `Write ${keyword}${equals}value.`;
      if (equals === "=") reader.expect("=", usage);
      set(draft, readWord(reader, kinds, keyword, usage), reader);
    },
  };
}

export function readWord(
  reader: TokenReader,
  kinds: readonly TokenKind[],
  keyword: string,
  usage?: string,
): Token {
  const token = reader.expectKind(kinds, `a value for ${keyword}`, usage);
  noteCut(reader, token, `the value of ${keyword} is cut after '${token.text}'`);
  return token;
}

/** Notes a value that goes on where the genuine parser has stopped reading it. */
export function noteCut(reader: TokenReader, value: Token, message: string): void {
  if (!reader.touches()) return;
  const quotable = value.kind !== "int" && value.kind !== "quoted";
  const suggestion = quotable
    ? "Put the whole value in backticks, or a blank after it."
    : "Put a blank after it, or remove what follows.";
  reader.note(reader.peek().at, `${message}, at ${nameOf(reader.peek())}`, suggestion);
}
