import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectRunFolder, sealRunFolder } from "../../../harness/facts/manifest.ts";

const files = {
  "scenario.yaml": "name: tiny\n",
  "summary.json": '{ "schema": 1, "verdict": "PASS" }\n',
  "facts/run.json": '{ "schema": 1 }\n',
  "facts/acks-0.ndjson": "{}\n{}\n",
  "facts/windows.rows": "rows",
};

async function sealed(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "fleetproof-manifest-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "facts"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  await sealRunFolder(root);
  return root;
}

test("a folder as the run left it is whole, whatever is put beside its facts", async () => {
  const root = await sealed();
  await writeFile(join(root, "verify-1.json"), "{}");
  await mkdir(join(root, "verify-1"));
  await writeFile(join(root, "report.html"), "<html>");
  expect(await inspectRunFolder(root)).toEqual({ kind: "whole" });
});

test("a run that was broken off has no manifest", async () => {
  const root = await sealed();
  await rm(join(root, "facts", "manifest.json"));
  expect(await inspectRunFolder(root)).toEqual({ kind: "unsealed" });
});

test("each kind of damage to each file is named", async () => {
  for (const file of Object.keys(files)) {
    const damages = [
      ["missing", (path: string) => rm(path)],
      ["cut", (path: string) => truncate(path, 2)],
      ["cut", (path: string) => truncate(path, 0)],
      ["changed", (path: string) => appendFile(path, "x")],
      [
        "changed",
        (path: string) => writeFile(path, "y".repeat(files[file as "summary.json"].length)),
      ],
    ] as const;
    for (const [kind, damage] of damages) {
      const root = await sealed();
      await damage(join(root, file));
      const state = await inspectRunFolder(root);
      const sentence = expect.stringContaining(file) as string;
      expect(state).toEqual({ kind: "damaged", damages: [{ file, kind, sentence }] });
    }
  }
});

test("facts that were slipped in are named: a further file of acknowledgements would excuse a loss", async () => {
  const root = await sealed();
  await writeFile(join(root, "facts", "acks-1.ndjson"), "{}\n");
  expect(await inspectRunFolder(root)).toMatchObject({
    damages: [{ file: "facts/acks-1.ndjson", kind: "added" }],
  });
});

test("a manifest that was cut, emptied or belongs to another version vouches for nothing", async () => {
  const bad = ["", '{ "schema": 1, "fil', '{ "schema": 2, "files": {} }', '{ "schema": 1 }'];
  for (const text of [
    ...bad,
    '{ "schema": 1, "files": {} }',
    '{ "schema": 1, "files": { "a": 1 } }',
  ]) {
    const root = await sealed();
    await writeFile(join(root, "facts", "manifest.json"), text);
    const state = await inspectRunFolder(root);
    expect(state).toMatchObject({ kind: "damaged", damages: [{ kind: "unreadable" }] });
  }
});
