/**
 * Notes of what the genuine parser swallows at either end: the tail that it never reads, the
 * characters of no word.
 */
import type { Clause } from "./clause.ts";
import { isMiscasedKeyword } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { nameOf, type TokenReader } from "./token-reader.ts";

/** The tail from `token` on, which ends the statement without an error. */
export function noteTail(
  reader: TokenReader,
  token: Token,
  piece: string,
  offset: number,
  clauses: readonly Clause[],
): void {
  const tail = shortened(piece.slice(token.at - offset).trim());
  const word = token.text.toUpperCase();
  const order = ["IGNORE", ...clauses.map(({ keyword }) => keyword)];
  const place = order.indexOf(word);
  if (token.kind === "keyword" && place >= 0) {
    const before = order.slice(0, place).filter((keyword) => common.has(keyword));
    const after = order.slice(place + 1).filter((keyword) => common.has(keyword));
    const message = `${word} stands too late or twice: other parsers drop it and all that follows`;
    reader.note(token.at, message, `The order is ${[...before, word, ...after].join(", ")}.`);
    return;
  }
  const message = `nothing reads ${nameOf({ ...token, text: tail })}`;
  const suggestion = isMiscasedKeyword(token.text)
    ? `Write ${word} in one case.`
    : `Remove it, or put the value before it in backticks.`;
  reader.note(token.at, message, suggestion);
}

/** The clauses that sinks here act on: enough to say where another belongs. */
const common = new Set([
  ..."IGNORE AUTOCREATE WITHSTRUCTURE PK BATCH WITHINDEXSUFFIX TTL WITHPIPELINE".split(" "),
]);

/** The characters that the lexer throws away, up to the offset `before`. */
export function noteDropped(reader: TokenReader, dropped: readonly Token[], before: number): void {
  let end = -1;
  for (const token of dropped) {
    if (token.at >= before) return;
    // A run of them is one slip.
    if (token.at !== end) {
      const message = `other parsers drop the character '${token.text}' silently`;
      reader.note(
        token.at,
        message,
        "Remove it; a target, topic or suffix is quoted by backticks.",
      );
    }
    end = token.end;
  }
}

const shown = 60;

function shortened(text: string): string {
  return text.length <= shown ? text : `${text.slice(0, shown)}…`;
}
