/**
 * Statements of the subset, with what the genuine parser (`com.datamountaineer:kcql:2.8.7`) made of them, cut
 * to the properties that the subset knows: a statement that strict mode accepts means the same to both.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { Path, Statement } from "../../../pipeline/kcql/statement.ts";

type GenuinePath = {
  readonly name: string;
  readonly alias: string;
  readonly parentFields: Path | null;
};

const lines = readFileSync(new URL("genuine-statements.jsonl", import.meta.url), "utf8").trim();
const vectors = lines.split("\n").map((line) => JSON.parse(line) as { kcql: string; ok: object });

test.each(vectors)("$kcql", ({ kcql, ok }) => {
  const parsed = parseKcql(kcql);
  const statements = parsed.ok ? parsed.statements.map(asGenuine) : parsed.fault;
  // The genuine parser lists the columns in an order of its own.
  expect(inOrder(statements)).toEqual(inOrder(Array.isArray(ok) ? ok : [ok]));
});

function asGenuine(statement: Statement): object {
  const { mode, target, topic, columns, primaryKey, autoCreate, indexSuffix } = statement;
  return {
    writeMode: mode,
    target,
    source: topic,
    fields: columns.map(({ path, alias }) => asGenuinePath(path, alias)),
    primaryKeys: primaryKey.map((path) => asGenuinePath(path, path.at(-1)!)),
    autoCreate,
    indexSuffix: indexSuffix ?? null,
    ttl: statement.ttlSeconds ?? 0,
  };
}

function asGenuinePath(path: Path, alias: string): GenuinePath {
  const parents = path.slice(0, -1);
  return { name: path.at(-1)!, alias, parentFields: parents.length === 0 ? null : parents };
}

function inOrder(statements: unknown): unknown {
  if (!Array.isArray(statements)) return statements;
  return statements.map((statement: { fields: GenuinePath[] }) => ({
    ...statement,
    fields: statement.fields.map((field) => JSON.stringify(field)).toSorted(),
  }));
}
