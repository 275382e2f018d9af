/**
 * What may follow the topic, in the one order in which the genuine parser reads it:
 * AUTOCREATE, PK, WITHINDEXSUFFIX, TTL. Each at most once. It would drop the others, or any out of order, in silence.
 */
import { parsePrimaryKey } from "./columns.ts";
import { checkSuffix, mendLetters } from "./index-suffix.ts";
import { isMiscasedKeyword } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { inBackticks, refuseSemicolon, touches } from "./names.ts";
import type { Path, Statement } from "./statement.ts";
import { isWord, nameOf, type TokenReader } from "./token-reader.ts";

const order = ["AUTOCREATE", "PK", "WITHINDEXSUFFIX", "TTL"] as const;

/** Seconds in 20 years: the most that Cassandra takes. */
const maxTtlSeconds = 630_720_000;

type Clauses = Pick<Statement, "autoCreate" | "primaryKey" | "indexSuffix" | "ttlSeconds">;

export function parseClauses(reader: TokenReader): Clauses {
  const autoCreate = reader.accept("AUTOCREATE");
  const primaryKey: readonly Path[] = reader.accept("PK") ? parsePrimaryKey(reader) : [];
  const indexSuffix = reader.accept("WITHINDEXSUFFIX") ? parseSuffix(reader) : undefined;
  const ttlSeconds = reader.accept("TTL") ? parseTtl(reader) : undefined;
  const next = reader.peek();
  if (next.kind !== "end" && !isWord(next, ";")) refuseTail(reader, next);
  return { autoCreate, primaryKey, indexSuffix, ttlSeconds };
}

function parseSuffix(reader: TokenReader): string {
  const next = reader.peek();
  if (!isWord(next, "=")) {
    const run = /^[^\s;]*/.exec(reader.text.slice(next.at))![0].replace(/[`'"]/g, "");
    const meant = `WITHINDEXSUFFIX=\`${mendLetters(run === "" ? "-{yyyy.MM.dd}" : run)}\``;
    return reader.refuse(next, `missing '=' at ${nameOf(next)}`, `Write ${meant}.`);
  }
  reader.take();
  const first = reader.peek();
  if (first.kind === "dropped") {
    return reader.refuse(first, `${nameOf(first)} does not quote a suffix`, mended(reader, first));
  }
  const value = reader.expectKind(
    ["quoted", "name", "field", "int"],
    "a suffix",
    "Write it in backticks.",
  );
  if (touches(reader)) {
    const message = `the suffix is cut after '${value.text}' at ${nameOf(reader.peek())}`;
    return reader.refuse(reader.peek(), message, mended(reader, first));
  }
  refuseSemicolon(reader, value);
  const checked = checkSuffix(value.text);
  if (!checked.ok) return reader.refuse(value, checked.message, checked.suggestion);
  return value.text;
}

function mended(reader: TokenReader, first: Token): string {
  return mendLetters(inBackticks(reader, first));
}

function parseTtl(reader: TokenReader): number {
  reader.expect("=", "Write TTL=seconds.");
  const value = reader.expectKind(["int"], "a number of seconds", "Write TTL=seconds.");
  const seconds = Number(value.text);
  if (seconds < 1 || seconds > maxTtlSeconds) {
    return reader.refuse(value, `TTL is ${value.text}; 1 to ${maxTtlSeconds} seconds are allowed`);
  }
  if (touches(reader)) reader.refuse(reader.peek(), "TTL takes whole seconds");
  return seconds;
}

function refuseTail(reader: TokenReader, token: Token): never {
  const word = token.text.toUpperCase();
  const known = order.find((clause) => clause === word);
  if (known !== undefined && token.kind === "keyword") {
    const message = `${known} stands too late or twice: other KCQL parsers drop it here`;
    return reader.refuse(token, message, `The order is ${order.join(", ")}.`);
  }
  if (token.kind === "keyword") {
    return reader.refuse(token, `${word} is not supported`, `Supported are ${order.join(", ")}.`);
  }
  const tail = reader.text.slice(token.at).split(";")[0]!.trim();
  const suggestion = isMiscasedKeyword(token.text)
    ? `Write ${word} in one case.`
    : `Remove '${tail}', or put the whole topic in backticks.`;
  return reader.refuse(token, `nothing reads '${tail}'`, suggestion);
}
