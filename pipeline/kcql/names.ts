/**
 * Names of targets, topics and pipelines: the genuine parser takes any run of words and dots, glues
 * them together (`FROM t WHERE x` is topic `tWHEREx`) and stops at a part that is a keyword or, in
 * a topic or target, a number (`FROM readings.2018` is topic `readings.`). What is glued or cut is
 * noted.
 */
import { isMiscasedKeyword } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

type Named = "target" | "topic" | "pipeline";

export function readName(reader: TokenReader, what: Named): string {
  const first = reader.peek();
  if (!isPart(first, what)) {
    return reader.refuse(first, `expected a ${what}, found ${nameOf(first)}`, hint(first, what));
  }
  if (what !== "pipeline" && reader.touches()) {
    const message = `the ${what} is cut out of the word before it`;
    reader.note(first.at, message, `Put a blank before the ${what}.`);
  }
  const parts = [reader.take()];
  let glued: Token | undefined;
  while (isPart(reader.peek(), what)) {
    if (!reader.touches()) glued ??= reader.peek();
    parts.push(reader.take());
  }
  const name = parts.map(({ text }) => text).join("");
  if (glued !== undefined) noteGlued(reader, glued, what, name);
  else noteOdd(reader, parts, what, name);
  if (reader.touches()) {
    const message = `${nameOf(reader.peek())} cuts the ${what} '${name}' short`;
    reader.note(reader.peek().at, message, inBackticks(reader, first));
  }
  return withoutBackticks(name);
}

/** What to do about a word that begins with a backtick and is none that is quoted. */
export const unclosedBackticks =
  "Close the backticks, with a name between them; ';' separates statements, also inside backticks.";

/** Backticks around the whole of a value are taken off; others stay part of it. */
export function withoutBackticks(value: string): string {
  return value.length > 1 && value.startsWith("`") && value.endsWith("`")
    ? value.slice(1, -1)
    : value;
}

/** The whole unbroken run of characters from `first` on, in backticks. */
export function inBackticks(reader: TokenReader, first: Token): string {
  return `Write \`${runFrom(reader.text, first.at).replace(/[`'"]/g, "")}\` in backticks.`;
}

/** The characters from `offset` on up to a blank or `;`. */
export function runFrom(text: string, offset: number): string {
  const run = /[^\s;]*/y;
  run.lastIndex = offset;
  return run.exec(text)![0];
}

function isPart({ kind, text }: Token, what: Named): boolean {
  if (kind === "symbol") return text === ".";
  if (kind === "int") return what === "pipeline";
  return kind === "field" || kind === "name" || kind === "quoted";
}

function noteGlued(reader: TokenReader, token: Token, what: Named, name: string): void {
  const message = `'${token.text}' is glued to the ${what}: other parsers read '${name}'`;
  let suggestion = `Remove it, or put the whole ${what} in backticks.`;
  if (isMiscasedKeyword(token.text)) suggestion = `Write ${token.text.toUpperCase()} in one case.`;
  else if (/^(--|\/\*|\/\/)/.test(token.text)) suggestion = "KCQL has no comments: remove it.";
  reader.note(token.at, message, suggestion);
}

function noteOdd(reader: TokenReader, parts: readonly Token[], what: Named, name: string): void {
  const first = parts[0]!;
  const quoted = parts.find(({ kind }) => kind === "quoted");
  if (quoted !== undefined && parts.length > 1) {
    const message = `backticks around a part of the ${what} become part of its name`;
    reader.note(quoted.at, message, inBackticks(reader, first));
  } else if (name.endsWith(".") && !reader.touches()) {
    reader.note(first.at, `the ${what} '${name}' ends in a dot`, inBackticks(reader, first));
  }
}

function hint({ kind, text }: Token, what: Named): string | undefined {
  if (kind === "keyword") return `'${text}' is a keyword: write \`${text}\` in backticks.`;
  if (kind === "int") return "Write the name in backticks.";
  if (kind !== "junk") return `Name the ${what} plainly or in backticks.`;
  return text.startsWith("`") ? unclosedBackticks : "Write the name in backticks.";
}
