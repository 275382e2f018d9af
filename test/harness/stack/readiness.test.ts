import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { OwnedProcess } from "../../../harness/process/owned-process.ts";
import { spawnProcess } from "../../../harness/process/spawn-process.ts";
import { waitUntilReady } from "../../../harness/stack/readiness.ts";
import { saysPortTaken } from "../../../harness/stack/start-server.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry } from "../process/fixture.ts";

async function server(script: string): Promise<{ process: OwnedProcess; logFile: string }> {
  const { registry, folder } = temporaryRegistry();
  const logFile = join(folder, "server.log");
  const args = ["-c", script];
  const process = await spawnProcess({ name: "x", command: "sh", args, logFile, registry });
  return { process, logFile };
}

const refuse = (): Promise<void> => Promise.reject(new Error("connection refused"));
const { signal } = new AbortController();
const common = { title: "Kafka", withinMs: 30_000, clock, signal };

test("a server is ready when it answers, not when it merely runs", async () => {
  const started = await server("sleep 60");
  let asked = 0;
  const probe = (): Promise<void> => (++asked < 3 ? refuse() : Promise.resolve());
  await waitUntilReady({ ...common, ...started, probe });
  expect(asked).toBe(3);
  await started.process.stop({ graceMs: 0 });
});

test("it is not asked before its log says so", async () => {
  const started = await server("sleep 60");
  let asked = 0;
  const probe = async (): Promise<void> => {
    asked++;
  };
  let naps = 0;
  const sleep = async (): Promise<void> => {
    expect(asked).toBe(0);
    if (++naps === 3) writeFileSync(started.logFile, "Kafka Server started\n");
  };
  const waiting = {
    ...common,
    ...started,
    readyLine: "started",
    probe,
    clock: { ...clock, sleep },
  };
  await waitUntilReady(waiting);
  expect([naps, asked]).toEqual([3, 1]);
  await started.process.stop({ graceMs: 0 });
});

test("a server that dies while starting is noticed at once, with its last words", async () => {
  const started = await server("echo 'no memory'; exit 3");
  const waiting = waitUntilReady({ ...common, ...started, probe: refuse });
  await expect(waiting).rejects.toMatchObject({
    code: "server-died",
    message: expect.stringMatching(
      /^Kafka ended while starting \(exit code 3\)[\s\S]*server\.log, ends:\nno memory$/,
    ),
  });
});

test("a server that never answers is given up with what was seen last", async () => {
  const started = await server("echo hello; sleep 60");
  const waiting = waitUntilReady({ ...common, ...started, withinMs: 300, probe: refuse });
  await expect(waiting).rejects.toMatchObject({
    code: "not-ready",
    message: expect.stringContaining("not ready after 0.3 s (last seen: connection refused)"),
  });
  await started.process.stop({ graceMs: 0 });
});

test("an interrupt ends the waiting", async () => {
  const started = await server("sleep 60");
  const interrupt = new AbortController();
  const options = { ...common, ...started, signal: interrupt.signal, probe: refuse };
  const waiting = waitUntilReady(options);
  interrupt.abort(new Error("interrupted"));
  await expect(waiting).rejects.toThrow("interrupted");
  await started.process.stop({ graceMs: 0 });
});

test("a stolen port is recognised in each server's own words", () => {
  expect(
    saysPortTaken(
      "org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:1: Address already in use.",
    ),
  ).toBe(true);
  expect(
    saysPortTaken("org.elasticsearch.http.BindHttpException: Failed to bind to 127.0.0.1:1"),
  ).toBe(true);
  expect(
    saysPortTaken("127.0.0.1:1 is in use by another process.  Change listen_address:storage_port"),
  ).toBe(true);
  expect(saysPortTaken("java.lang.OutOfMemoryError: Java heap space")).toBe(false);
});
