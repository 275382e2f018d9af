import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { addValues, createTable, rowOf } from "../../../harness/facts/table.ts";
import { openTable, readTable } from "../../../harness/facts/table-file.ts";
import { createTableWriter } from "../../../harness/facts/table-writer.ts";

const spec = { a: "u8", b: "f64", c: "i32" } as const;
/** More than two blocks. */
const many = 150_000;

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-writer-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "t.rows");
}

const valuesOf = (i: number) => ({ a: i % 251, b: i === 7 ? Number.NaN : i / 3, c: 5 - i });

test("rows that were written one by one, or taken from columns, come back as they were", async () => {
  const file = await newFile();
  const writer = createTableWriter(file, spec);
  const one = createTable(spec, 4);
  addValues(one, valuesOf(0));
  for (let i = 0; i < many; i++) {
    expect(writer.rows()).toBe(i);
    if (i % 2 === 0) writer.add(valuesOf(i));
    else {
      const { a, b, c } = valuesOf(i);
      [one.columns.a[0], one.columns.b[0], one.columns.c[0]] = [a, b, c];
      writer.take(one.columns, 0);
    }
  }
  writer.end();
  const back = await readTable(file, spec);
  expect(back.length).toBe(many);
  for (let i = 0; i < many; i += 7) expect(rowOf(back, i)).toEqual(valuesOf(i));
});

test("rows come back from their bucket, in the order in which they were written", async () => {
  const file = await newFile();
  const buckets = 5;
  const writer = createTableWriter(file, spec, buckets);
  for (let i = 0; i < many; i++) {
    // The last bucket stays empty.
    const bucket = i % (buckets - 1);
    expect(writer.rows(bucket)).toBe(Math.floor(i / (buckets - 1)));
    writer.add(valuesOf(i), bucket);
  }
  writer.end();
  const { buckets: found, rows, read, readAll } = openTable(file, spec);
  expect([found, rows]).toEqual([buckets, many]);
  for (let bucket = 0; bucket < buckets - 1; bucket++) {
    const table = read(bucket);
    expect(table.length).toBe(many / (buckets - 1));
    for (let at = 0; at < table.length; at += 97) {
      expect(rowOf(table, at)).toEqual(valuesOf(at * (buckets - 1) + bucket));
    }
  }
  expect(read(buckets - 1).length).toBe(0);
  expect(readAll().length).toBe(many);
  expect(rowOf(readAll(), 1)).toEqual(valuesOf(buckets - 1));
});

test("a block of a bucket that the file does not have is refused", async () => {
  const file = await newFile();
  const writer = createTableWriter(file, spec, 2);
  writer.add(valuesOf(1), 1);
  writer.end();
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(9, bytes.indexOf(10) + 5, bytes.indexOf(10) + 6));
  expect(() => openTable(file, spec)).toThrow("has a block of no bucket");
});

test("blocks of an earlier version, which name no bucket, are read", async () => {
  const file = await newFile();
  const head = Buffer.from(`${JSON.stringify({ schema: 2, columns: [["b", "f64"]] })}\n`);
  const block = Buffer.alloc(20);
  block.writeUInt32LE(2);
  for (const [nth, value] of [1.5, -2].entries()) block.writeDoubleLE(value, 4 + nth * 8);
  const end = Buffer.alloc(12);
  end.writeDoubleLE(2, 4);
  await writeFile(file, Buffer.concat([head, block, end]));
  const table = openTable(file, { b: "f64" } as const);
  expect([table.buckets, ...table.read(0).columns.b]).toEqual([1, 1.5, -2]);
  await writeFile(file, Buffer.concat([head, block]));
  expect(() => openTable(file, { b: "f64" } as const)).toThrow("is cut short");
});

test("a file of no rows is one of no rows", async () => {
  const file = await newFile();
  createTableWriter(file, spec).end();
  expect((await readTable(file, spec)).length).toBe(0);
});

test("a file without its end, a cut or longer one, and one of other columns are refused", async () => {
  const file = await newFile();
  const writer = createTableWriter(file, spec);
  for (let i = 0; i < many; i++) writer.add(valuesOf(i));
  const refused = { code: "facts-unreadable" };
  await expect(readTable(file, spec)).rejects.toMatchObject(refused);
  writer.end();
  const bytes = await readFile(file);
  const end = bytes.subarray(-16);
  const bad = [
    bytes.subarray(0, -1),
    bytes.subarray(0, -16),
    bytes.subarray(0, 100_000),
    Buffer.concat([bytes.subarray(0, 100_000), end]),
    Buffer.concat([bytes, Buffer.alloc(1)]),
    Buffer.concat([bytes, end]),
    Buffer.concat([bytes.subarray(0, -16), Buffer.alloc(64), end]),
  ];
  for (const each of bad) {
    await writeFile(file, each);
    await expect(readTable(file, spec)).rejects.toMatchObject(refused);
  }
  await writeFile(file, bytes);
  await expect(readTable(file, { ...spec, d: "u8" })).rejects.toThrow("does not hold the columns");
});

test("a folder that is not there is said to be so when the file is opened", async () => {
  const file = join(await newFile(), "none", "t.rows");
  expect(() => createTableWriter(file, spec)).toThrow("cannot write");
});
