/**
 * The three servers of a benchmark: a kept stack, or one of its own that ends whatever happens
 * (Ctrl-C and SIGTERM included).
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import type { RunningStack } from "../../harness/stack/running-stack.ts";
import { startStack } from "../../harness/stack/start-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { say } from "./say.ts";

export type Bench = {
  readonly stack: RunningStack;
  readonly registry: ReturnType<typeof registryOf>;
  /** For files of the benchmark; goes with it. */
  readonly folder: string;
  /** Aborted when the benchmark is interrupted: it then ends as soon as it has cleaned up. */
  readonly signal: AbortSignal;
};

/** `name`: of a kept stack, which stays. The exit code is 130 when it was interrupted. */
export async function withStack(
  name: string | undefined,
  act: (bench: Bench) => Promise<void>,
): Promise<void> {
  const interrupted = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => interrupted.abort(new Error(signal));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const { signal } = interrupted;
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-bench-"));
  try {
    const home = homeOf(process.env);
    const registry = registryOf(home, console.warn);
    const id = `bench-${randomUUID().slice(0, 8)}`;
    const onProgress = ({ phase }: { readonly phase: string }): void => {
      if (phase === "fetched" || phase === "ready") say(`a server is ${phase}`);
    };
    await using stack =
      name === undefined
        ? await startStack({ id, folder, home, registry, clock, signal, onProgress })
        : openStack(name, { home, clock });
    await act({ stack, registry, folder, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (!signal.aborted) return;
  say("interrupted; nothing of it is left");
  process.exitCode = 130;
}
