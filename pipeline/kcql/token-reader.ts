/**
 * A cursor over the tokens of one statement. It refuses as the genuine parser does, by throwing a
 * `KcqlError` that `parseGenuine` returns, and notes what that parser swallows: each is a
 * `Carelessness` with its place, a refusal in strict mode and a warning in compat mode, so that
 * both modes share one grammar.
 */
import type { Token, TokenKind } from "./lexer.ts";

/** What the genuine parser takes without a word, though it cannot be what was meant. */
export type Carelessness = {
  /** Into the whole text, in characters. */
  readonly offset: number;
  readonly message: string;
  readonly suggestion: string | undefined;
};

/** Thrown inside the parser only. */
export class KcqlError extends Error {
  readonly code = "kcql";
  readonly offset: number;
  readonly suggestion: string | undefined;

  constructor({ offset, message, suggestion }: Carelessness) {
    super(message);
    this.name = "KcqlError";
    this.offset = offset;
    this.suggestion = suggestion;
  }
}

export type TokenReader = {
  /** The whole text, of which the tokens may be a part. */
  readonly text: string;
  readonly peek: () => Token;
  /** The token after `peek`. */
  readonly second: () => Token;
  readonly take: () => Token;
  /** Takes the next token if it is this keyword (in either case) or symbol. */
  readonly accept: (word: string) => Token | undefined;
  readonly expect: (word: string, suggestion?: string) => Token;
  readonly expectKind: (kinds: readonly TokenKind[], what: string, suggestion?: string) => Token;
  readonly refuse: (token: Token, message: string, suggestion?: string) => never;
  /**
   * Does the next word follow the one before without a blank? Never at the end or before `, = ( )`.
   */
  readonly touches: () => boolean;
  readonly note: (offset: number, message: string, suggestion?: string) => void;
  readonly noted: readonly Carelessness[];
};

/** `tokens` without those that the genuine lexer drops; the last is of kind `end`. */
export function readTokens(text: string, tokens: readonly Token[]): TokenReader {
  const noted: Carelessness[] = [];
  let next = 0;
  const at = (index: number): Token => tokens[Math.min(index, tokens.length - 1)]!;
  const peek = (): Token => at(next);
  const take = (): Token => at(next++);
  const refuse = (token: Token, message: string, suggestion?: string): never => {
    throw new KcqlError({ offset: token.at, message, suggestion });
  };
  return {
    text,
    peek,
    second: () => at(next + 1),
    take,
    accept: (word) => (isWord(peek(), word) ? take() : undefined),
    expect: (word, suggestion) => {
      if (isWord(peek(), word)) return take();
      return refuse(peek(), `missing '${word}' at ${nameOf(peek())}`, suggestion);
    },
    expectKind: (kinds, what, suggestion) => {
      if (kinds.includes(peek().kind)) return take();
      return refuse(peek(), `expected ${what}, found ${nameOf(peek())}`, suggestion);
    },
    refuse,
    touches: () => next > 0 && !endsWord(peek()) && at(next - 1).end === peek().at,
    note: (offset, message, suggestion) => noted.push({ offset, message, suggestion }),
    noted,
  };
}

export function isWord(token: Token, word: string): boolean {
  if (token.kind === "symbol") return token.text === word;
  return token.kind === "keyword" && token.text.toUpperCase() === word;
}

/** The token as a message names it. */
export function nameOf(token: Token): string {
  return token.kind === "end" ? "the end of the statement" : `'${token.text}'`;
}

function endsWord(token: Token): boolean {
  return token.kind === "end" || (token.kind === "symbol" && ",=()".includes(token.text));
}
