import { expect, test } from "vitest";
import type { LiveState } from "../../../harness/report/live-state.ts";
import { openLiveView, renderLive, renderPlain } from "../../../harness/report/live-view.ts";
import { terminalOf } from "../../../harness/report/terminal.ts";
import { plainInk } from "../../../harness/report/terminal-text.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const state: LiveState = {
  scenario: "quick",
  run: "rabcdefgh",
  phase: "load",
  share: 0.42,
  doing: "sending",
  elapsedMs: 65_000,
  stages: [
    { name: "fleet", total: 123_456, perSecond: 115_741, p99Ms: 4.3 },
    { name: "aggregator", total: 123_000, perSecond: 115_000, lag: 456 },
  ],
  activeFault: "kill aggregator-0",
  violations: 2,
};

test("the live view shows phase, share, stages, fault and violations", () => {
  expect(renderLive(state, 80)).toEqual([
    "quick  run rabcdefgh  1:05",
    "stack › warm-up › [load] › close › drain › judge › replay › end",
    "████████░░░░░░░░░░░░ 42%  sending",
    "              total       /s  lag     p99",
    "fleet       123,456  115,741       4.3 ms",
    "aggregator  123,000  115,000  456",
    "fault: kill aggregator-0",
    "violations so far: 2",
  ]);
});

test("what is not known is not shown", () => {
  const { scenario, run, elapsedMs } = state;
  const bare = { scenario, run, elapsedMs, phase: "stack", stages: [], violations: 0 } as const;
  expect(renderLive(bare, 80)).toEqual([
    "quick  run rabcdefgh  1:05",
    "[stack] › warm-up › load › close › drain › judge › replay › end",
  ]);
  expect(renderPlain(bare)).toBe("1:05  stack");
});

test("lines are cut to the terminal's width", () => {
  const lines = renderLive(state, 30);
  expect(lines[1]).toBe("stack › warm-up › [load] › cl…");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
});

test("a plain line has the same in one line, harmless whatever its texts hold", () => {
  expect(renderPlain({ ...state, activeFault: "kill\u001b[31m\r" })).toBe(
    "1:05  load  42%  sending  fleet 115,741/s p99 4.3 ms  aggregator 115,000/s lag 456  " +
      "fault kill [31m   violations 2",
  );
});

function shown(isTTY: boolean) {
  const written: string[] = [];
  const clock = createVirtualClock(0);
  const write = (text: string): void => void written.push(text);
  const view = openLiveView({ write, isTTY, width: () => 80 }, plainInk, clock);
  return { written, clock, view };
}

test("without a terminal there is a line a phase and one every ten seconds", async () => {
  const { written, clock, view } = shown(false);
  for (let second = 0; second < 25; second++) {
    view.update({ ...state, phase: second < 5 ? "warm-up" : "load", elapsedMs: second * 1_000 });
    await clock.advance(1_000);
  }
  view.close();
  expect(written.map((line) => line.slice(0, 13).trim())).toEqual([
    "0:00  warm-up",
    "0:05  load  4",
    "0:15  load  4",
  ]);
  expect(written.join("")).not.toContain("\u001b");
});

test("on a terminal the lines are redrawn in place, at most three times a second", async () => {
  const { written, clock, view } = shown(true);
  for (let tick = 0; tick < 100; tick++) {
    view.update(state);
    await clock.advance(10);
  }
  const redraws = written.filter((text) => text.startsWith("\u001b[8A\u001b[J"));
  expect(redraws.length).toBe(2);
  view.say("stays");
  expect(written.slice(-2)).toEqual(["\u001b[8A\u001b[J", "stays\n"]);
  view.close();
  expect(written.at(-1)).toBe("stays\n");
});

test("a dumb terminal and a pipe get plain lines", () => {
  const stream = { write: () => true, isTTY: true, columns: 90 };
  expect(terminalOf(stream, {})).toMatchObject({ isTTY: true });
  expect(terminalOf(stream, {}).width()).toBe(90);
  expect(terminalOf(stream, { TERM: "dumb" })).toMatchObject({ isTTY: false });
  expect(terminalOf({ ...stream, isTTY: false }, {}).width()).toBe(120);
});
