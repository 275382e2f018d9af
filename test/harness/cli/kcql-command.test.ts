/** `fleetproof kcql`: explanations, faults with a caret, and the stream of `--jsonl`. */
import { PassThrough, Readable } from "node:stream";
import { Command } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addKcqlCommand } from "../../../harness/cli/kcql-command.ts";
import { answerLines } from "../../../harness/cli/kcql-lines.ts";

/** What the command prints and the code it ends with; `undefined` is success. */
async function kcql(args: readonly string[], input: readonly (string | Uint8Array)[] = []) {
  const stdout = new PassThrough({ highWaterMark: 1 << 24 });
  const stderr = new PassThrough();
  const program = new Command("fleetproof").exitOverride();
  let code: number | undefined;
  const finish = (ended: number): void => {
    code = ended;
  };
  addKcqlCommand(program, finish, { stdin: Readable.from(input), stdout, stderr });
  await program.parseAsync(["node", "fleetproof", "kcql", ...args]);
  const text = (stream: PassThrough): string => String(stream.read() ?? "");
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const statement = "INSERT INTO a SELECT * FROM t";

test("explains a statement", async () => {
  const { code, stdout } = await kcql([statement]);
  expect(code).toBeUndefined();
  expect(stdout).toMatch(/reads +every record of the topic 't'/);
});

test("points at a fault and says what to write instead", async () => {
  const { code, stdout, stderr } = await kcql([`${statement} WITHINDEXSUFFIX -{YYYY.MM.DD}`]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.split("\n")).toEqual([
    "line 1, column 47: missing '=' at '-{YYYY'",
    "  INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX -{YYYY.MM.DD}",
    "                                                ^",
    "Write WITHINDEXSUFFIX=`-{yyyy.MM.dd}`.",
    "",
  ]);
});

test("shows a piece of a long line, and no control characters", async () => {
  const names = Array.from({ length: 40 }, (_, n) => `x${n}, `).join("");
  const long = `INSERT INTO a SELECT\n${names}\u001b[31m y FROM t WHERE`;
  const { stderr } = await kcql([long]);
  const [where, line, caret] = stderr.split("\n");
  expect(where).toMatch(/^line 2, column 191: /);
  expect(line!.length).toBeLessThan(110);
  expect(stderr).not.toContain("\u001b");
  expect(caret!.indexOf("^")).toBe(line!.indexOf("[31m") - 1);
  expect(line).toMatch(/^ {2}….*x39, {2}\[31m y FROM t WHERE$/);
});

test("reads as the genuine parser does with --compat", async () => {
  const text = `${statement} WITHINDEXSUFFIX={YYYY-MM-dd}`;
  expect((await kcql([text])).code).toBe(2);
  expect((await kcql(["--compat", text])).stdout).toMatch(/Careless/);
});

test("wants a statement or --jsonl, not both and not neither", async () => {
  await expect(kcql([])).rejects.toThrow(/either a statement/);
  await expect(kcql([statement, "--jsonl"])).rejects.toThrow(/either a statement/);
});

test("--jsonl answers line by line, also lines that are none", async () => {
  const lines = [JSON.stringify(statement), "nope", "7", "", JSON.stringify(`${statement} x`)];
  const { code, stdout } = await kcql(["--jsonl"], [lines.join("\n")]);
  expect(code).toBeUndefined();
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(answers).toMatchObject([
    { kcql: statement, ok: { source: "t" } },
    { kcql: "nope", error: "this line is no JSON string" },
    { kcql: "7", error: "this line is no JSON string" },
    { kcql: "", error: "this line is no JSON string" },
    { kcql: `${statement} x`, error: expect.stringMatching(/column 31: 'x' is glued/) },
  ]);
  const compat = await kcql(["--jsonl", "--compat"], [lines[4]!]);
  expect(JSON.parse(compat.stdout)).toMatchObject({ ok: { source: "tx" } });
});

test("a reader that has seen enough ends the stream without an error", async () => {
  const stdout = new PassThrough();
  const program = new Command("fleetproof").exitOverride();
  const stdin = Readable.from(
    Array.from({ length: 10_000 }, () => `${JSON.stringify(statement)}\n`),
  );
  addKcqlCommand(program, () => undefined, { stdin, stdout, stderr: new PassThrough() });
  stdout.once("data", () => stdout.destroy(Object.assign(new Error("closed"), { code: "EPIPE" })));
  await program.parseAsync(["node", "fleetproof", "kcql", "--jsonl"]);
});

async function answers(chunks: readonly (string | Uint8Array)[]): Promise<string> {
  let all = "";
  for await (const lines of answerLines(Readable.from(chunks), "strict")) all += lines;
  return all;
}

test("wherever the stream is cut into chunks, the answers are the same", async () => {
  const bytes = Buffer.from(
    [statement, "é😀", "SELECT"].map((text) => JSON.stringify(text)).join("\n"),
  );
  const whole = await answers([bytes]);
  expect(whole.split("\n")).toHaveLength(4);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const chunks = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
      expect(await answers(chunks.filter(({ length }) => length > 0))).toBe(whole);
    }),
  );
});

test("a line without an end is not kept, and the next one is answered", async () => {
  const chunk = "x".repeat(1 << 20);
  const all = await answers([chunk, chunk, chunk, `\n${JSON.stringify(statement)}\n`]);
  const [long, next] = all.trimEnd().split("\n");
  expect(JSON.parse(long!)).toMatchObject({ error: expect.stringMatching(/more than 393218/) });
  expect(long!.length).toBeLessThan(400);
  expect(JSON.parse(next!)).toMatchObject({ ok: { source: "t" } });
});
