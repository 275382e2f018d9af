/**
 * Why a task failed, for its status: each error of the chain with its code. No stack: modules tell
 * an operator nothing.
 */
import { KafkaError } from "../../kafka/port.ts";

/** A message may quote a document; a status record must stay small. */
const lengthMax = 16_000;
/** Deeper chains repeat themselves, or go in a circle. */
const depthMax = 8;

/** One line an error, the outermost first. `owner`: what was fenced, in words. */
export function traceOf(error: unknown, owner: string): string {
  const lines: string[] = [];
  if (error instanceof KafkaError && error.code === "fenced") {
    lines.push(
      `${owner} was fenced: another worker has taken its slot. Give each worker a slot of its ` +
        "own, stop this worker, or restart the task to take the slot back",
    );
  }
  let each: unknown = error;
  for (let depth = 0; depth < depthMax && each !== undefined && each !== null; depth++) {
    const prefix = lines.length === 0 ? "" : "Caused by: ";
    lines.push(`${prefix}${describe(each)}`);
    each = each instanceof Error ? each.cause : undefined;
  }
  return lines.join("\n").slice(0, lengthMax);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `${error.name}${code}: ${error.message}`;
}
