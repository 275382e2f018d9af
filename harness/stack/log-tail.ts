/** The last lines of a log file, for the sentence that says why a server or process did not come up, or died. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const lines = 12;
const longestLine = 300;
/** Enough for a dozen lines; a stack trace fills it. */
const window = 16_384;

export function logTail(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, window));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const tail = buffer.toString("utf8").trimEnd().split("\n").slice(-lines);
    return tail.map((line) => line.slice(0, longestLine)).join("\n");
  } finally {
    closeSync(file);
  }
}
