/** An aggregator as a process of its own, asked by HTTP. */
import { fork } from "node:child_process";
import type { AggregatorStatus } from "../../pipeline/aggregator/service/status.ts";
import { parseMetrics } from "../pipeline/http/parse-metrics.ts";

const entry = new URL("../../pipeline/start-job.ts", import.meta.url).pathname;

export type AggregatorProcess = {
  readonly status: () => Promise<AggregatorStatus>;
  readonly metrics: () => Promise<ReturnType<typeof parseMetrics>>;
  /** HTTP status of `/ready`. */
  readonly ready: () => Promise<number>;
  /** SIGTERM; resolves with the exit code. */
  readonly end: () => Promise<number | null>;
};

/** Resolves when the process says that it is ready, and where. */
export async function startAggregatorProcess(of: {
  readonly file: string;
  readonly bootstrap: string;
  readonly slot: number;
}): Promise<AggregatorProcess> {
  const args = ["aggregator", of.file, "--bootstrap", of.bootstrap, "--slot", String(of.slot)];
  const child = fork(entry, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const told = new Promise<string | undefined>((resolve) => {
    child.once("message", (message) => resolve((message as { readonly rest?: string }).rest));
  });
  const rest = await Promise.race([told, exited.then(() => undefined)]);
  if (rest === undefined) throw new Error("the aggregator did not come up, or has no HTTP");
  const get = (path: string) => fetch(`${rest}${path}`);
  return {
    status: async () => (await (await get("/status")).json()) as AggregatorStatus,
    metrics: async () => parseMetrics(await (await get("/metrics")).text()),
    ready: async () => (await get("/ready")).status,
    end: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
