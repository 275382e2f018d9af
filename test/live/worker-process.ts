/** A worker as a process of its own, as `fleetproof connect` and the harness start it, and its REST. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../pipeline/start-job.ts", import.meta.url));

export type WorkerProcess = {
  readonly process: ChildProcess;
  /** Where its REST is; rejects when it ends before it is ready. */
  readonly ready: Promise<string>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** What it has logged so far. */
  readonly output: () => string;
};

export function startWorker(args: readonly string[]): WorkerProcess {
  const child = spawn(process.execPath, [entry, "connect", ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const note = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", note);
  child.stderr?.on("data", note);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.once("message", (message: { rest: string }) => resolve(message.rest));
    void ended.then((how) =>
      reject(new Error(`It ended (${how}) before it was ready:\n${output}`)),
    );
  });
  ready.catch(() => {}); // a worker that is not to start is asked for its end only
  return { process: child, ready, ended, output: () => output };
}

export type Answer = { readonly status: number; readonly body: unknown };

export async function rest(
  url: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}
