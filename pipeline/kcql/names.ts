/**
 * Names of targets and topics: words joined by dots, or one name in backticks. The genuine parser glues
 * whatever words follow each other (`FROM t WHERE x` is topic `tWHEREx`) and cuts a name at a part that is
 * a number or a keyword; both are refused.
 */
import type { Token } from "./lexer.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

export function parseName(reader: TokenReader, what: "target" | "topic"): string {
  const first = reader.peek();
  if (first.kind === "quoted") return quotedName(reader, what);
  if (first.kind !== "field" && first.kind !== "name") {
    return reader.refuse(first, `expected a ${what}, found ${nameOf(first)}`, hint(first, what));
  }
  let name = reader.take().text;
  while (touches(reader)) {
    const part = reader.take();
    const isDot = part.kind === "symbol" && part.text === ".";
    if (!isDot && part.kind !== "field" && part.kind !== "name") {
      return reader.refuse(
        part,
        `${nameOf(part)} cuts the ${what} '${name}' short`,
        inBackticks(reader, first),
      );
    }
    name += part.text;
  }
  if (name.endsWith(".")) {
    return reader.refuse(first, `the ${what} '${name}' ends in a dot`, inBackticks(reader, first));
  }
  return name;
}

/** Does the next token follow the one before without a blank, as part of the same name? */
export function touches(reader: TokenReader): boolean {
  const next = reader.peek();
  const isEnd = next.kind === "end" || (next.kind === "symbol" && ";,=()".includes(next.text));
  return !isEnd && reader.previous()?.end === next.at;
}

function quotedName(reader: TokenReader, what: string): string {
  const name = reader.take();
  refuseSemicolon(reader, name);
  if (touches(reader)) {
    const message = `backticks around a part of the ${what} become part of its name`;
    return reader.refuse(name, message, inBackticks(reader, name));
  }
  return name.text;
}

/** The genuine parser splits statements at `;` before it looks at backticks. */
export function refuseSemicolon(reader: TokenReader, token: Token): void {
  if (!token.text.includes(";")) return;
  reader.refuse(
    token,
    "';' separates statements, also inside backticks",
    "Use a name without ';'.",
  );
}

/** The whole unbroken run of characters from `first` on, in backticks. */
export function inBackticks(reader: TokenReader, first: Token): string {
  const run = /^[^\s;]*/.exec(reader.text.slice(first.at))![0];
  return `Write \`${run.replace(/[`'"]/g, "")}\` in backticks.`;
}

function hint(token: Token, what: string): string | undefined {
  if (token.kind === "keyword")
    return `'${token.text}' is a keyword: write \`${token.text}\` in backticks.`;
  if (token.kind === "dropped")
    return `Quotes and other marks are dropped: name the ${what} plainly or in backticks.`;
  if (token.kind === "int" || token.kind === "junk") return "Write the name in backticks.";
  return undefined;
}
