/** For the tests that start servers of their own: whether these answer, and whether they have gone without a trace. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect } from "vitest";
import { processTable } from "../../harness/process/process-table.ts";
import { serverNames } from "../../harness/stack/artifacts.ts";
import { cassandra } from "../../harness/stack/cassandra.ts";
import { elasticsearch } from "../../harness/stack/elasticsearch.ts";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { kafka } from "../../harness/stack/kafka.ts";
import type { RunningStack } from "../../harness/stack/running-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";

export const home = homeOf(process.env);
export const registry = registryOf(home, console.warn);
const { signal } = new AbortController();
/** Servers that live a few minutes at most are up in half the time with the first compiler only. */
export const options = { home, registry, clock, signal, compiler: "quick" } as const;

/** Another harness, `stack-owner.ts`. */
export function owner(...args: string[]): ChildProcess {
  const script = new URL("./stack-owner.ts", import.meta.url).pathname;
  return spawn(process.execPath, [script, ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Asks all three what a client would ask. */
export async function expectAnswers(stack: RunningStack): Promise<void> {
  await kafka.probe(stack.kafka);
  await elasticsearch.probe(stack.elasticsearch);
  await cassandra.probe(stack.cassandra);
}

export function expectNothingLeft(stack: RunningStack): void {
  for (const server of serverNames) {
    expect(processTable.group(stack[server].process.pid)).toEqual([]);
  }
  for (const folder of stack.dataFolders) expect(existsSync(folder)).toBe(false);
  expect(registry.list().filter((record) => record.purpose.includes(stack.id))).toEqual([]);
}
