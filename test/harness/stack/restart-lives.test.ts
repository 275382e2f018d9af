import { expect, test } from "vitest";
import type { Exit, WatchedProcess } from "../../../harness/process/owned-process.ts";
import { createLives } from "../../../harness/stack/restart-lives.ts";

const killed: Exit = { code: null, signal: "SIGKILL" };

function life(pid: number, cpuSeconds = 0, maxRssBytes = 0) {
  const { promise: exited, resolve: end } = Promise.withResolvers<Exit>();
  const signals: string[] = [];
  const process: WatchedProcess = {
    name: "kafka",
    pid,
    exited,
    running: true,
    kill: (signal) => void signals.push(signal),
    usage: () => ({ cpuSeconds, maxRssBytes }),
  };
  return { process, end, signals };
}

/** Whether the promise is settled, once all that is under way has been. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return settled;
}

test("an end that was asked for is no death, and whoever looks goes on with the next life", async () => {
  const [first, second] = [life(1), life(2)];
  const { process, expectEnd, next } = createLives(first.process);
  expectEnd();
  first.end(killed);
  next(second.process);
  expect(await isSettled(process.exited)).toBe(false);
  expect(process.pid).toBe(2);
  process.kill("SIGSTOP");
  expect([first.signals, second.signals]).toEqual([[], ["SIGSTOP"]]);
  second.end(killed);
  expect(await process.exited).toEqual(killed);
});

test("planted: an end that nobody asked for is its death", async () => {
  const first = life(1);
  const { process } = createLives(first.process);
  first.end(killed);
  expect(await process.exited).toEqual(killed);
});

test("what it used is that of all its lives, its peak the highest of them", () => {
  const lives = createLives(life(1, 10, 700).process);
  lives.next(life(2, 3, 500).process);
  lives.next(life(3, 1, 600).process);
  expect(lives.process.usage()).toEqual({ cpuSeconds: 14, maxRssBytes: 700 });
});
