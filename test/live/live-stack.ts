/**
 * The real servers, shared by all live tests: vitest's globalSetup of the project `live` starts one stack
 * (or uses the kept one that FLEETPROOF_TEST_STACK names) and hands its addresses to the test files.
 * Tests use names of their own in it and delete what they made.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import type { RunningStack, StackAddresses } from "../../harness/stack/running-stack.ts";
import { startStack } from "../../harness/stack/start-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";

declare module "vitest" {
  interface ProvidedContext {
    liveStack: StackAddresses;
  }
}

/** Where the servers of the live tests listen. Only in tests of the project `live`. */
export function liveStack(): StackAddresses {
  return inject("liveStack");
}

/** Called by vitest once, before the first live test; what it returns, after the last. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-live-"));
  const stack = await start(folder);
  const { bootstrap } = stack.kafka;
  const { node } = stack.elasticsearch;
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  provide("liveStack", {
    kafka: { bootstrap },
    elasticsearch: { node },
    cassandra: { contactPoint, port, localDataCenter },
  });
  return async () => {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function start(folder: string): Promise<RunningStack> {
  const home = homeOf(process.env);
  const kept = process.env["FLEETPROOF_TEST_STACK"];
  if (kept) return openStack(kept, { home, clock });
  const registry = registryOf(home, console.warn);
  const { signal } = new AbortController();
  const id = `live-${randomUUID().slice(0, 8)}`;
  return await startStack({
    id,
    folder,
    home,
    registry,
    clock,
    signal,
    onProgress,
    compiler: "quick",
  });
}

function onProgress(progress: { readonly phase: string; readonly server?: string }): void {
  if (progress.phase === "ready" || progress.phase === "fetched") {
    console.log(`${progress.server} is ${progress.phase}`);
  }
}
