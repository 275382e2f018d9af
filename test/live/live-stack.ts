/**
 * The real servers, shared by all live tests: vitest's globalSetup of the project `live` starts one kept stack (or
 * uses the one that FLEETPROOF_TEST_STACK names) and hands its name and addresses to the test files. Tests use names
 * of their own in it and delete what they made. A stack that a killed vitest left behind is ended by the next one.
 */
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { stackDown, stackStatus, stackUp } from "../../harness/stack/kept-stacks.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import type { StackAddresses } from "../../harness/stack/running-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";

declare module "vitest" {
  interface ProvidedContext {
    liveStack: StackAddresses & { readonly name: string };
  }
}

/** Where the servers of the live tests listen, and the name for `--stack`. Only in tests of the project `live`. */
export function liveStack(): StackAddresses & { readonly name: string } {
  return inject("liveStack");
}

const home = homeOf(process.env);
const ours = /^vitest-(\d+)$/;

/** Called by vitest once, before the first live test; what it returns, after the last. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const kept = process.env["FLEETPROOF_TEST_STACK"];
  const name = kept || `vitest-${process.pid}`;
  const local = { home, registry: registryOf(home, console.warn), clock };
  if (!kept) {
    for (const { name: other } of stackStatus(home)) {
      if (isLeftBehind(other)) await stackDown(other, local);
    }
    const { signal } = new AbortController();
    await stackUp(name, { ...local, signal, onProgress, compiler: "quick" });
  }
  const stack = openStack(name, { home, clock });
  const { kafka, elasticsearch, cassandra } = stack;
  const { contactPoint, port, localDataCenter } = cassandra;
  provide("liveStack", {
    name,
    kafka: { bootstrap: kafka.bootstrap },
    elasticsearch: { node: elasticsearch.node },
    cassandra: { contactPoint, port, localDataCenter },
  });
  await stack.stop();
  return async () => {
    if (!kept) await stackDown(name, local);
  };
}

function isLeftBehind(name: string): boolean {
  const owner = ours.exec(name)?.[1];
  if (owner === undefined) return false;
  try {
    process.kill(Number(owner), 0);
    return false;
  } catch {
    return true; // No such process: nobody will take this stack down any more.
  }
}

function onProgress(progress: { readonly phase: string; readonly server?: string }): void {
  if (progress.phase === "ready" || progress.phase === "fetched") {
    console.log(`${progress.server} is ${progress.phase}`);
  }
}
