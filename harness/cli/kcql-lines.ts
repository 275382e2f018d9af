/**
 * The stream of `fleetproof kcql --jsonl`: JSON strings in, verdicts out, a line each and in order.
 * Nothing ends it early: a line that is no JSON string, or too long for one, has an error of its
 * own.
 */
import { StringDecoder } from "node:string_decoder";
import type { KcqlMode } from "../../pipeline/kcql/parser.ts";
import { type Verdict, verdictOf } from "../../pipeline/kcql/verdict.ts";

/** Six times the longest KCQL text, which is what a JSON string of escapes may take. */
const maxLineLength = 6 * 64 * 1024 + 2;

/** Characters of a line that could not be read, as its answer repeats them. */
const repeated = 200;

export async function* answerLines(
  source: AsyncIterable<string | Uint8Array>,
  mode: KcqlMode,
): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let tooLong = false;
  for await (const chunk of source) {
    const text = typeof chunk === "string" ? chunk : decoder.write(chunk);
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    let answers = "";
    for (const line of lines) {
      answers += `${JSON.stringify(tooLong ? overlong(line) : answer(line, mode))}\n`;
      tooLong = false;
    }
    if (rest.length > maxLineLength) {
      // What is kept of it is enough for its answer, which comes when the line ends.
      tooLong = true;
      rest = rest.slice(0, repeated);
    }
    if (answers !== "") yield answers;
  }
  rest += decoder.end();
  if (tooLong) yield `${JSON.stringify(overlong(rest))}\n`;
  else if (rest !== "") yield `${JSON.stringify(answer(rest, mode))}\n`;
}

function answer(line: string, mode: KcqlMode): Verdict {
  if (line.length > maxLineLength) return overlong(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined; // An expected outcome: the answer says so.
  }
  if (typeof value === "string") return verdictOf(value, mode);
  return { kcql: line.slice(0, repeated), error: "this line is no JSON string" };
}

function overlong(line: string): Verdict {
  const error = `this line has more than ${maxLineLength} characters`;
  return { kcql: line.slice(0, repeated), error };
}
