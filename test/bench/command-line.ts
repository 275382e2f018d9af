/**
 * The command line of a benchmark or a proof: `--help` prints the comment at the head of its file, and what is wrong
 * with an option is one sentence and exit code 2.
 */
import { readFileSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

const unusable = 2;

/** `file`: the command's own. Does not come back from `--help` or from an option that it cannot use. */
export function commandLine<const T extends Options>(file: string, options: T): Values<T> {
  if (process.argv.slice(2).includes("--help")) {
    console.log(headComment(readFileSync(file, "utf8")));
    process.exit();
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse(error.message.replace(/\. .*/s, ""));
  }
}

/** An option's text as a number, such as `1e9` or `200000`. Does not come back from another. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  const isWhole = text.trim() !== "" && Number.isSafeInteger(value);
  if (isWhole && value >= least && value <= most) return value;
  return refuse(`--${option} ${text}: take a whole number from ${least} to ${most}`);
}

/** Ends the process. */
export function refuse(sentence: string): never {
  console.error(`${sentence}; --help says what there is`);
  process.exit(unusable);
}

/** The first comment of a source, without its stars. */
function headComment(source: string): string {
  const end = source.indexOf("*/");
  const lines = source.slice("/**".length, end).split("\n");
  return lines
    .map((line) => line.replace(/^ \* ?/, ""))
    .join("\n")
    .trim();
}
