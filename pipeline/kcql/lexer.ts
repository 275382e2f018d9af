/**
 * Cuts KCQL into words as the genuine parser does: the longest match wins, at equal length the first of
 * keyword, number, symbol, field, name. Unlike it, this lexer drops nothing: a character that the genuine
 * one throws away silently becomes a token of its own, which the parser refuses by position.
 */
import { isKeyword } from "./keywords.ts";

export type TokenKind =
  | "keyword"
  | "int"
  /** `= * , . ( ) ;` */
  | "symbol"
  /** Letters, digits, `_`, `@`: fits columns, aliases and names. */
  | "field"
  /** Also `- + / { } :`: fits targets, topics and suffixes only. */
  | "name"
  /** In backticks, which are stripped from `text`. Fits where a name does. */
  | "quoted"
  /** Characters that fit nowhere, such as `a$b`, `SELECT*FROM` or a lonely backtick. */
  | "junk"
  /** One character that the genuine lexer drops: quotes, `<`, `%`, anything that is not ASCII. */
  | "dropped"
  | "end";

export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of the first character; `end` is the offset after the last. */
  readonly at: number;
  readonly end: number;
};

const blank = /[ \t\r\n]*/y;
const quoted = /`([^`]+)`/y;
const field = /[A-Za-z0-9_@]+/y;
const name = /[A-Za-z0-9_\-+/{}:]+/y;
const junk = /[A-Za-z0-9_\-+/{}:|#@^[\]*?$`]+/y;
const digits = /^\d+$/;

/** All tokens of `text`, then one of kind `end`. Never fails: every character is in some token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = matchEnd(blank, text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = matchEnd(blank, text, token.end);
  }
  tokens.push({ kind: "end", text: "", at: text.length, end: text.length });
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
  if ("=*,.();".includes(text[at]!) && longest <= at + 1) return token("symbol", at + 1);
  if (longest === at) return token("dropped", at + 1);
  if (quotedEnd === longest) {
    return { kind: "quoted", text: text.slice(at + 1, quotedEnd - 1), at, end: quotedEnd };
  }
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
