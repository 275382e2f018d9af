/**
 * A fault in a KCQL text as a terminal shows it: the line, a caret under the place, and what to
 * write instead.
 */
import type { KcqlFault } from "../../pipeline/kcql/statement.ts";

/** Characters shown before and after the place: a line of 100 fits a terminal. */
const before = 60;
const after = 40;

export function pointAt(text: string, fault: KcqlFault): string {
  const { line, column, message, suggestion } = fault;
  const whole = text.split("\n")[line - 1] ?? "";
  const at = column - 1;
  const from = Math.max(0, at - before);
  const head = from > 0 ? "…" : "";
  const tail = at + after < whole.length ? "…" : "";
  const shown = head + plain(whole.slice(from, at + after)) + tail;
  const caret = `${" ".repeat(head.length + at - from)}^`;
  const lines = [`line ${line}, column ${column}: ${plain(message)}`, `  ${shown}`, `  ${caret}`];
  return suggestion === undefined ? lines.join("\n") : [...lines, plain(suggestion)].join("\n");
}

/** Control characters would move the caret, or do worse to a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
