import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AuditFacts } from "../../../harness/facts/audit-facts.ts";
import { openAuditFacts, openAuditFiles } from "../../../harness/facts/audit-files.ts";
import { oneBucket } from "../../../harness/facts/buckets.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import {
  createRawAudit,
  createRawAuditTo,
  type RawAudit,
} from "../../../harness/observe/raw-audit.ts";
import { at, honestLog, loadEnd, plan, span } from "../checks/history.ts";
import { writeAuditFacts } from "../facts/write-earlier-version.ts";

const options = { plan, span, digestKey: [0, 0], topic: "raw" } as const;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "fleetproof-audit-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

function feed(audit: RawAudit<unknown>): void {
  audit.cut(loadEnd);
  for (const [partition, log] of honestLog.entries()) {
    for (const [offset, record] of log.entries()) audit.push(partition, at(record, offset));
  }
}

function inMemory(): AuditFacts {
  const audit = createRawAudit(options);
  feed(audit);
  return audit.finish(true);
}

async function readAuditFacts(path: string): Promise<AuditFacts> {
  const { end, buckets, read } = await openAuditFacts(path);
  expect(buckets).toBe(1);
  return { ...end, ...read(0) };
}

const tablesOf = ({ windows, revisions, rejected, missing }: AuditFacts) =>
  [windows, revisions, rejected, missing].map((table) =>
    Array.from({ length: table.length }, (_, row) => rowOf(table as AuditFacts["windows"], row)),
  );

test("an audit whose rows went to files as they were final is the one that kept them all", async () => {
  const path = await folder();
  const files = openAuditFiles(path, oneBucket);
  const audit = createRawAuditTo(options, files);
  feed(audit);
  expect(files.windows.rows()).toBeGreaterThan(0);
  expect(audit.openWindows()).toBeGreaterThan(0);
  await files.end(audit.finish(true));
  expect(audit.openWindows()).toBe(0);
  const kept = inMemory();
  const found = await readAuditFacts(path);
  expect(tablesOf(found)).toEqual(tablesOf(kept));
  expect(found.revisions.length).toBeGreaterThan(0);
  expect(found.partitions).toEqual(kept.partitions);
});

test("the files of an older version, written whole at the end, are read as before", async () => {
  const path = await folder();
  const facts = inMemory();
  await writeAuditFacts(path, facts);
  expect(tablesOf(await readAuditFacts(path))).toEqual(tablesOf(facts));
});

test("a run that was killed leaves rows without an end: they are refused", async () => {
  const path = await folder();
  const files = openAuditFiles(path, oneBucket);
  const audit = createRawAuditTo(options, files);
  feed(audit);
  await expect(readAuditFacts(path)).rejects.toMatchObject({ code: "facts-unreadable" });
});
