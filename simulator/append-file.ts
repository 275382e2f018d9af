/**
 * A file of lines that outlives the process that writes it: appended to at once and whole, so that a `kill -9` leaves
 * everything up to the last call, and at most that call's text cut off. Not made for a machine that loses power: what
 * the kernel has taken counts as written.
 */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";

export type AppendFile = {
  /** In the file when it returns. Errors: the file system's. */
  readonly append: (text: string) => void;
  readonly close: () => void;
};

/** Creates the file when there is none. Errors: the file system's. */
export function openAppendFile(file: string): AppendFile {
  const descriptor = openSync(file, "a");
  return {
    // Unlike writeSync it goes on after a short write.
    append: (text) => writeFileSync(descriptor, text),
    close: () => closeSync(descriptor),
  };
}

/**
 * The whole lines of such a file, none when it does not exist. What a kill cut off is taken off the file, or the next
 * line would be glued to it. Errors: the file system's.
 */
export function recoverLines(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(file, end);
  return bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
}
