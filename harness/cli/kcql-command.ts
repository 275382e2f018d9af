/**
 * `fleetproof kcql`: explains a statement in words, or points at what is wrong with it. With
 * `--jsonl` it answers a stream of statements in the format of the golden vectors, one line each,
 * as fast as they are read.
 */
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { explainKcql } from "../../pipeline/kcql/explain.ts";
import type { KcqlMode } from "../../pipeline/kcql/parser.ts";
import { exitCodes } from "./exit-codes.ts";
import { pointAt } from "./kcql-caret.ts";
import { answerLines } from "./kcql-lines.ts";
import { UnusableError } from "./unusable-error.ts";

type Options = { readonly jsonl?: boolean; readonly compat?: boolean };

type Streams = {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
};

export function addKcqlCommand(
  program: Command,
  finish: (code: number) => void,
  { stdin, stdout, stderr }: Streams = process,
): void {
  program
    .command("kcql")
    .description(
      "Explains a KCQL statement in words: what is read, what is kept of it, what is written " +
        "where. Or says what is wrong with it, where, and what to write instead (exit 2). Strict " +
        "unless --compat is given: what other parsers swallow in silence is refused.",
    )
    .argument("[statement]", "one or several statements, separated by ';'")
    .option(
      "--compat",
      "read it as the genuine parser (2.8.7) does, and only warn of what that one swallows",
    )
    .option(
      "--jsonl",
      "read one JSON string a line from standard input, answer one JSON object a line",
    )
    .addHelpText("after", help)
    .action(async (statement: string | undefined, options: Options) => {
      const mode: KcqlMode = options.compat === true ? "compat" : "strict";
      if ((statement === undefined) !== (options.jsonl === true)) {
        throw new UnusableError("Give either a statement, in quotes, or --jsonl: see kcql --help.");
      }
      if (statement === undefined) {
        await answerAll(stdin, stdout, mode);
        return;
      }
      const explained = explainKcql(statement, mode);
      if (explained.ok) {
        stdout.write(`${explained.lines.join("\n")}\n`);
        return;
      }
      stderr.write(`${pointAt(statement, explained.fault)}\n`);
      finish(exitCodes.unusable);
    });
}

const help = `
Examples:
  fleetproof kcql 'INSERT INTO temperatures SELECT * FROM readings PK device.id'
  fleetproof kcql --compat 'UPSERT INTO rooms SELECT * FROM readings WITHINDEXSUFFIX={YYYY-MM-dd}'
  echo '"INSERT INTO a SELECT * FROM t"' | fleetproof kcql --jsonl`;

async function answerAll(
  stdin: NodeJS.ReadableStream,
  stdout: NodeJS.WritableStream,
  mode: KcqlMode,
): Promise<void> {
  try {
    await pipeline(stdin, (source) => answerLines(source, mode), stdout, { end: false });
  } catch (error) {
    // The reader has seen enough, as in `… | head`.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}
