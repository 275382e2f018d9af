/** The KCQL of a job's config, and whether `topics` lists what it reads. */
import { parseKcql } from "../../kcql/parser.ts";
import type { Statement } from "../../kcql/statement.ts";
import { describeFault } from "../../kcql/text-position.ts";
import type { ConfigReader } from "./config-reader.ts";

/** Kafka's rule for names of topics. */
export const topicPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** None when the text is at fault. */
export function readStatements(
  key: string,
  topics: readonly string[],
  isStrict: boolean,
  reader: ConfigReader,
): readonly Statement[] {
  const before = reader.errors.length;
  const text = reader.text(key);
  if (reader.errors.length > before) return [];
  const parsed = parseKcql(text, isStrict ? "strict" : "compat");
  if (!parsed.ok) {
    reader.fault(key, describeFault(parsed.fault));
    return [];
  }
  for (const warning of parsed.warnings) reader.warn(key, warning);
  const sources = new Set(parsed.statements.map(({ topic }) => topic));
  for (const topic of topics.filter((one) => one !== "")) {
    if (!topicPattern.test(topic)) reader.fault("topics", `'${topic}' cannot be a topic's name`);
    else if (!sources.has(topic)) reader.fault("topics", `no statement reads '${topic}'`);
  }
  for (const source of sources) {
    if (!topics.includes(source)) reader.fault(key, `reads '${source}', which 'topics' leaves out`);
  }
  return parsed.statements;
}
