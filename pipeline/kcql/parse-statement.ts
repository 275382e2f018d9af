/**
 * One statement, read as the genuine parser (2.8.7) reads it: `INSERT|UPSERT|UPDATE INTO target
 * SELECT columns FROM topic [IGNORE columns]` and the clauses in their order, or a bare SELECT.
 * There is no check for the end: a word that cannot come next ends the statement. That and all else
 * that it swallows is noted.
 */
import type { Clause } from "./clause.ts";
import { insertClauses, selectClauses } from "./clause-order.ts";
import { readIgnore, readSelect } from "./columns.ts";
import { type Draft, newDraft } from "./genuine-statement.ts";
import { type Token, tokenize } from "./lexer.ts";
import { readName } from "./names.ts";
import { noteDropped, noteTail } from "./swallowed.ts";
import {
  type Carelessness,
  isWord,
  KcqlError,
  readTokens,
  type TokenReader,
} from "./token-reader.ts";

export type ParsedStatement = {
  readonly draft: Draft;
  /** Offset of the first word. */
  readonly offset: number;
  /** The keywords of IGNORE and the clauses that were said, with their offsets. */
  readonly said: ReadonlyMap<string, number>;
  /** In the order of the text. */
  readonly careless: readonly Carelessness[];
  /** The tail that the genuine parser never looks at. */
  readonly unread: string;
  /** Characters that its lexer throws away before that. */
  readonly skipped: string;
};

export type StatementResult =
  | { readonly ok: true; readonly parsed: ParsedStatement }
  | {
      readonly ok: false;
      readonly fault: Carelessness;
      /** What was noted before the fault. */
      readonly careless: readonly Carelessness[];
    };

/** `piece` begins at `offset` of `text`. */
export function parseStatement(text: string, piece: string, offset: number): StatementResult {
  const tokens = tokenize(piece, offset);
  const dropped = tokens.filter(({ kind }) => kind === "dropped");
  const reader = readTokens(
    text,
    tokens.filter(({ kind }) => kind !== "dropped"),
  );
  const draft = newDraft();
  const said = new Map<string, number>();
  const first = reader.peek();
  try {
    const clauses = readHead(reader, draft, said);
    readClauses(reader, draft, clauses, said);
    const next = reader.peek();
    if (next.kind !== "end") noteTail(reader, next, piece, offset, clauses);
    noteDropped(reader, dropped, next.at);
    const skipped = dropped.filter(({ at }) => at < next.at).map((token) => token.text);
    const parsed: ParsedStatement = {
      draft,
      offset: first.at,
      said,
      careless: inOrder(reader.noted),
      unread: piece.slice(next.at - offset),
      skipped: next.kind === "end" ? dropped.map((token) => token.text).join("") : skipped.join(""),
    };
    return { ok: true, parsed };
  } catch (error) {
    if (!(error instanceof KcqlError)) throw error;
    const { offset: at, message, suggestion } = error;
    noteDropped(reader, dropped, at);
    const careless = inOrder(reader.noted).filter((one) => one.offset <= at);
    return { ok: false, fault: { offset: at, message, suggestion }, careless };
  }
}

function readHead(reader: TokenReader, draft: Draft, said: Map<string, number>): readonly Clause[] {
  const isBare = isWord(reader.peek(), "SELECT");
  if (!isBare) {
    readMode(reader, draft);
    draft.target = readName(reader, "target");
  }
  const usage = "INSERT INTO target SELECT columns FROM topic";
  reader.expect("SELECT", usage);
  readSelect(reader, draft);
  reader.expect("FROM", usage);
  draft.source = readName(reader, "topic");
  const ignore = reader.accept("IGNORE");
  if (ignore !== undefined) {
    said.set("IGNORE", ignore.at);
    readIgnore(reader, draft);
  }
  return isBare ? selectClauses : insertClauses;
}

function readMode(reader: TokenReader, draft: Draft): void {
  const mode = (["INSERT", "UPSERT", "UPDATE"] as const).find((word) => reader.accept(word));
  if (mode === undefined) refuseStart(reader, reader.peek());
  const pk = mode === "UPSERT" ? reader.accept("PK") : undefined;
  if (pk !== undefined) {
    const key = reader.expectKind(["field"], "a field name").text;
    const message = `other parsers forget UPSERT and the key in UPSERT PK ${key} INTO`;
    reader.note(pk.at, message, `Write UPSERT INTO … SELECT … FROM … PK ${key}.`);
  } else draft.writeMode = mode;
  reader.expect("INTO", `Write ${mode} INTO target.`);
}

function refuseStart(reader: TokenReader, token: Token): never {
  const { text } = token;
  if (text.startsWith("--") || text.startsWith("/*") || text.startsWith("//")) {
    return reader.refuse(token, "KCQL has no comments", "Remove the comment.");
  }
  if (/^(insert|upsert|update|select)$/i.test(text)) {
    const word = text.toUpperCase();
    return reader.refuse(
      token,
      `'${text}' is no keyword`,
      `Write ${word} or ${word.toLowerCase()}.`,
    );
  }
  const isEmpty = token.kind === "end";
  return reader.refuse(
    token,
    "a statement begins with INSERT or UPSERT",
    isEmpty ? "Remove the ';' that nothing follows." : "INSERT INTO … SELECT … FROM …",
  );
}

function readClauses(
  reader: TokenReader,
  draft: Draft,
  clauses: readonly Clause[],
  said: Map<string, number>,
): void {
  for (const { keyword, read } of clauses) {
    const found = reader.accept(keyword);
    if (found === undefined) continue;
    said.set(keyword, found.at);
    read(reader, draft);
  }
}

function inOrder(noted: readonly Carelessness[]): readonly Carelessness[] {
  return noted.toSorted((a, b) => a.offset - b.offset);
}
