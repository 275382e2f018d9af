import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { VerifiedSummary } from "../../harness/verify/verified-summary.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad } from "./run-command.ts";
import {
  changeSum,
  copyDocument,
  cutTopic,
  deleteDocument,
  oneMore,
  produceRecord,
  readingOf,
  storedDocuments,
} from "./tampering.ts";

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-verify-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function verify(root: string, env: Readonly<Record<string, string>> = {}) {
  const { code, output } = await run(["verify", root], env);
  const files = readdirSync(root).filter((name) => /^verify-\d+\.json$/.test(name));
  const summary = JSON.parse(readFileSync(join(root, files.sort().at(-1)!), "utf8"));
  return { code, output, summary: summary as VerifiedSummary };
}

test("verify passes a finished run, names exactly what was tampered with, and never passes what it cannot see", async () => {
  const stack = liveStack();
  const played = await run([
    "run",
    "quick",
    "--stack",
    stack.name,
    ...smallLoad,
    "--set",
    "replay=[]",
  ]);
  expect(played.output).toContain("PASS");
  const [id] = readdirSync(played.out);
  const root = join(played.out, id!);
  const { raw, aggregated } = runNames(id!).topics;

  const honest = await verify(root);
  expect(honest.output).toContain(`the kept stack ${stack.name}`);
  expect(honest.summary).toMatchObject({ verdict: "PASS", verified: { by: "stack" } });
  expect(honest.summary.findings).toEqual([]);
  expect(honest.code).toBe(0);

  const [first, second, third, fourth] = await storedDocuments(stack, id!, 4);
  await deleteDocument(stack, first!);
  const index = await copyDocument(stack, id!, second!, "2026.02.02");
  await changeSum(stack, id!, third!);
  const { device } = fourth!.aggregate;
  const extra = await produceRecord(stack, aggregated, device.id, oneMore(fourth!.aggregate));
  const at = fourth!.aggregate.window.start;
  const unplanned = readingOf("t-0000007", 0, 7_000_000, at);
  const reading = await produceRecord(stack, raw, "t-0000007", unplanned);

  const found = await verify(root);
  const place = ({ aggregate }: NonNullable<typeof first>) => ({
    device: aggregate.device.id,
    window: aggregate.window.start,
  });
  expect(found.summary.findings).toEqual([
    expect.objectContaining({
      class: "phantom",
      topic: raw,
      ...reading,
      device: "t-0000007",
      boot: 0,
      seq: 7_000_000,
      found: "after the end of the run",
    }),
    expect.objectContaining({
      class: "wrong-aggregate",
      topic: aggregated,
      ...extra,
      ...place(fourth!),
    }),
    expect.objectContaining({ class: "lost-write", store: "elasticsearch", ...place(first!) }),
    expect.objectContaining({
      class: "split-key",
      store: "elasticsearch",
      ...place(second!),
      key: `${index}/${second!.id}`,
    }),
    expect.objectContaining({ class: "corrupt", store: "cassandra", ...place(third!) }),
  ]);
  expect(found.summary).toMatchObject({ verdict: "FAIL", canary: { planted: 9, caught: 9 } });
  expect(found.summary.reasons).toEqual([]);
  expect(found.code).toBe(3);

  // A home that knows no stack: for this command the servers of the run are gone.
  const gone = await verify(root, { FLEETPROOF_HOME: temporary() });
  expect(gone.output).toContain("the servers of this run are gone: judged from its folder alone");
  expect(gone.summary).toMatchObject({ verdict: "PASS", verified: { by: "folder" } });
  expect(gone.code).toBe(0);

  const copy = join(temporary(), id!);
  cpSync(root, copy, { recursive: true });
  const rows = join(copy, "facts", "store-cassandra.rows");
  const bytes = readFileSync(rows);
  writeFileSync(rows, bytes.with(-1, bytes.at(-1)! ^ 1));
  const altered = await verify(copy);
  expect(altered.summary.reasons[0]).toContain("facts/store-cassandra.rows was changed");
  expect(altered.summary).toMatchObject({ verdict: "UNKNOWN", verified: { by: "nothing" } });
  expect(altered.code).toBe(5);

  await cutTopic(stack, aggregated, extra.partition);
  const cut = await verify(root);
  expect(cut.summary.reasons[0]).toContain(`retention has cut ${aggregated}`);
  expect(cut.code).toBe(5);
});
