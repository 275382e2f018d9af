/**
 * Cuts KCQL into words as the genuine parser's lexer does: the longest match wins, at equal length
 * the first of keyword, number, symbol, field, name. A character that the genuine one throws away
 * becomes a token of the kind `dropped`, so that it can be told of.
 */
import { isKeyword } from "./keywords.ts";

export type TokenKind =
  | "keyword"
  | "int"
  /** `= * , . ( )` */
  | "symbol"
  /** Letters, digits, `_`, `@`: fits columns, aliases and names. */
  | "field"
  /** Also `- + / { } :`: fits targets, topics and suffixes only. */
  | "name"
  /** In backticks, which are part of `text`. Fits where a name does. */
  | "quoted"
  /** Characters that fit nowhere, such as `a$b`, `SELECT*FROM` or a lonely backtick. */
  | "junk"
  /** One character that the genuine lexer drops: quotes, `<`, `%`, anything that is not ASCII. */
  | "dropped"
  | "end";

export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of the first character in the whole text; `end` is the offset after the last. */
  readonly at: number;
  readonly end: number;
};

const blank = /[ \t\r\n]*/y;
const quoted = /`([^`]+)`/y;
const field = /[A-Za-z0-9_@]+/y;
const name = /[A-Za-z0-9_\-+/{}:]+/y;
const junk = /[A-Za-z0-9_\-+/{}:|#@^[\]*?$`]+/y;
const digits = /^[0-9]+$/;
const sysTime = /sys_time\(\)|SYS_TIME\(\)/y;

/**
 * All tokens of `piece`, which begins at `offset` of a longer text, then one of kind `end`. Never
 * fails: every character but blanks is in some token.
 */
export function tokenize(piece: string, offset = 0): readonly Token[] {
  const tokens: Token[] = [];
  const add = ({ kind, text, at, end }: Token): void => {
    tokens.push({ kind, text, at: at + offset, end: end + offset });
  };
  let at = matchEnd(blank, piece, 0);
  while (at < piece.length) {
    const token = tokenAt(piece, at);
    add(token);
    at = matchEnd(blank, piece, token.end);
  }
  add({ kind: "end", text: "", at: piece.length, end: piece.length });
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const fieldEnd = matchEnd(field, text, at);
  const nameEnd = matchEnd(name, text, at);
  const quotedEnd = matchEnd(quoted, text, at);
  const junkEnd = matchEnd(junk, text, at);
  const longest = Math.max(fieldEnd, nameEnd, quotedEnd, junkEnd);
  const token = (kind: TokenKind, end: number): Token => ({
    kind,
    text: text.slice(at, end),
    at,
    end,
  });
  const timeEnd = matchEnd(sysTime, text, at);
  if (timeEnd > longest) return token("keyword", timeEnd);
  if ("=*,.()".includes(text[at]!) && longest <= at + 1) return token("symbol", at + 1);
  if (longest === at) return token("dropped", at + 1);
  if (quotedEnd === longest) return token("quoted", quotedEnd);
  if (fieldEnd === longest) return token(wordKind(text.slice(at, fieldEnd)), fieldEnd);
  if (nameEnd === longest) return token("name", nameEnd);
  return token("junk", junkEnd);
}

function wordKind(word: string): TokenKind {
  if (isKeyword(word)) return "keyword";
  return digits.test(word) ? "int" : "field";
}

/** The end of a match that begins at `at`; `at` itself when there is none. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
