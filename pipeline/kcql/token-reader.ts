/** A cursor over the tokens of one text, and the way a parser refuses: by throwing a `KcqlError` that `parseKcql` returns. */
import type { Token, TokenKind } from "./lexer.ts";
import type { KcqlFault } from "./statement.ts";

/** Thrown inside the parser only. */
export class KcqlError extends Error {
  readonly code = "kcql";
  readonly fault: KcqlFault;

  constructor(fault: KcqlFault) {
    super(fault.message);
    this.name = "KcqlError";
    this.fault = fault;
  }
}

export type TokenReader = {
  readonly text: string;
  readonly peek: () => Token;
  /** The token before `peek`; undefined at the start. */
  readonly previous: () => Token | undefined;
  readonly take: () => Token;
  /** Takes the next token if it is this keyword (in either case) or symbol. */
  readonly accept: (word: string) => boolean;
  readonly expect: (word: string, suggestion?: string) => Token;
  readonly expectKind: (kinds: readonly TokenKind[], what: string, suggestion?: string) => Token;
  readonly refuse: (token: Token, message: string, suggestion?: string) => never;
};

export function readTokens(text: string, tokens: readonly Token[]): TokenReader {
  let next = 0;
  const peek = (): Token => tokens[Math.min(next, tokens.length - 1)]!;
  const take = (): Token => tokens[Math.min(next++, tokens.length - 1)]!;
  const refuse = (token: Token, message: string, suggestion?: string): never => {
    throw new KcqlError({ message, suggestion, offset: token.at, ...position(text, token.at) });
  };
  const expect = (word: string, suggestion?: string): Token => {
    if (isWord(peek(), word)) return take();
    return refuse(peek(), `missing '${word}' at ${nameOf(peek())}`, suggestion);
  };
  return {
    text,
    peek,
    previous: () => tokens[next - 1],
    take,
    accept: (word) => {
      const found = isWord(peek(), word);
      if (found) next++;
      return found;
    },
    expect,
    expectKind: (kinds, what, suggestion) => {
      if (kinds.includes(peek().kind)) return take();
      return refuse(peek(), `expected ${what}, found ${nameOf(peek())}`, suggestion);
    },
    refuse,
  };
}

export function isWord(token: Token, word: string): boolean {
  if (token.kind === "symbol") return token.text === word;
  return token.kind === "keyword" && token.text.toUpperCase() === word;
}

/** The token as a message names it. */
export function nameOf(token: Token): string {
  return token.kind === "end" ? "the end of the text" : `'${token.text}'`;
}

function position(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
