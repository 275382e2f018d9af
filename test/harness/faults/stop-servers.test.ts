import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { guardStopped } from "../../../harness/faults/resume-guard.ts";
import { serversOf } from "../../../harness/faults/stop-servers.ts";
import { isGroupStopped } from "../../../harness/process/stopped.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { until } from "../process/fixture.ts";

/** A server of two processes in a group of its own. */
async function server() {
  const child = spawn("sh", ["-c", "sleep 300 & sleep 300"], { detached: true, stdio: "ignore" });
  await once(child, "spawn");
  const pid = child.pid as number;
  const kill = (signal: NodeJS.Signals): void => void process.kill(-pid, signal);
  onTestFinished(() => kill("SIGKILL"));
  return { pid, kill };
}

test("all processes of a server stand still until it is resumed", async () => {
  const one = await server();
  const servers = serversOf({ cassandra: one }, clock);
  expect(await servers.suspend("cassandra")).toBe(true);
  expect(isGroupStopped(one.pid)).toBe(true);
  servers.resume("cassandra");
  await until(() => !isGroupStopped(one.pid), "the server to go on");
});

test("planted: a server on which SIGSTOP has no effect is not taken for one that stands still", async () => {
  const { pid } = await server();
  const deaf = { pid, kill: () => undefined };
  let nowMs = 0;
  const quick = { ...clock, monotonicMs: () => (nowMs += 1_000) };
  const servers = serversOf({ cassandra: deaf }, quick);
  expect(await servers.suspend("cassandra")).toBe(false);
  servers.resume("cassandra");
});

test("a stopped server goes on when whoever stopped it is gone without a word", async () => {
  const one = await server();
  const guard = guardStopped(one.pid);
  one.kill("SIGSTOP");
  await until(() => isGroupStopped(one.pid), "the server to stand still");
  // What the end of the process that holds the pipe comes to.
  guard[Symbol.dispose]();
  await until(() => !isGroupStopped(one.pid), "the guard to let it go on");
});

test("a server that the stack does not have is told as one", async () => {
  await expect(serversOf({}, clock).suspend("kafka")).rejects.toThrow("There is no server kafka");
});
