/** What a worker has measured so far, in a file that a kill leaves whole: written aside, then renamed over the old one. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { ResumeError } from "./past-life.ts";
import { type MeterState, parseMeterState } from "./send-meter.ts";

/** Errors: the file system's. */
export function keepMeterState(file: string, state: MeterState): void {
  const aside = `${file}.tmp`;
  writeFileSync(aside, `${JSON.stringify(state)}\n`);
  renameSync(aside, file);
}

/** Undefined when none was kept. Errors: `ResumeError` for a file that was altered. */
export function readMeterState(file: string): MeterState | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return parseMeterState(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const message = `${file} is not what a worker has measured: it was altered, so it does not go on.`;
    throw new ResumeError(message, { cause });
  }
}

/** Once the result file holds it all. */
export function dropMeterState(file: string): void {
  for (const each of [file, `${file}.tmp`]) rmSync(each, { force: true });
}
