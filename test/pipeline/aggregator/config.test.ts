import { expect, test } from "vitest";
import { parseAggregatorConfig } from "../../../pipeline/aggregator/config.ts";

const least = {
  group: "r12345678-aggregator",
  topics: { raw: "raw", aggregated: "aggregated", rejected: "rejected" },
  window: { size: "5m", grace: "30s", retention: "10m", span: 128 },
};

test("what a file leaves out has the contract's defaults", () => {
  expect(parseAggregatorConfig(least)).toEqual({
    ok: true,
    config: {
      group: "r12345678-aggregator",
      topics: { ...least.topics, checkpoints: "r12345678-aggregator.checkpoints" },
      window: {
        size: 300_000,
        grace: 30_000,
        retention: 600_000,
        ahead: 3_600_000,
        quorum: 3,
        span: 128,
      },
      commitEvery: 200,
      checkpointEvery: 60_000,
      digestKey: [0, 0],
      idleEmitAfter: undefined,
      listen: undefined,
    },
  });
});

test("what a file says is taken", () => {
  const parsed = parseAggregatorConfig({
    ...least,
    topics: { ...least.topics, checkpoints: "elsewhere" },
    window: { ...least.window, ahead: "2h", quorum: 1 },
    commitEvery: "1s",
    digestKey: [1, 0xffff_ffff],
    idleEmitAfter: "1m",
    listen: "127.0.0.1:9100",
  });
  expect(parsed).toMatchObject({
    config: {
      topics: { checkpoints: "elsewhere" },
      window: { ahead: 7_200_000, quorum: 1 },
      commitEvery: 1000,
      digestKey: [1, 0xffff_ffff],
      idleEmitAfter: 60_000,
      listen: "127.0.0.1:9100",
    },
  });
});

test("every fault is reported at once, each with its path", () => {
  const parsed = parseAggregatorConfig({
    ...least,
    topics: { raw: "raw", aggregated: "" },
    window: { size: "5 minutes", grace: 30, retention: "10m", span: 100, spam: 1 },
    commitEvery: "0s",
    digestKey: [0, -1],
  });
  const problems = parsed.ok ? [] : parsed.problems;
  for (const path of [
    "topics.aggregated:",
    "topics.rejected:",
    "window.size:",
    "window.grace:",
    "window.span:",
    "window:",
    "commitEvery:",
    "digestKey.1:",
  ]) {
    expect(problems.some((problem) => problem.startsWith(path))).toBe(true);
  }
  expect(problems.join()).toContain('"spam"');
  expect(problems.join()).toContain('"5 minutes" is no duration such as 200ms, 30s, 5m');
});

test("retention shorter than grace is refused: a window would be gone before its first emission", () => {
  const window = { ...least.window, grace: "30s", retention: "29s" };
  expect(parseAggregatorConfig({ ...least, window })).toEqual({
    ok: false,
    problems: ["window.retention: must not be shorter than grace"],
  });
});

test("a file that is no object is refused", () => {
  expect(parseAggregatorConfig(null)).toMatchObject({ ok: false });
});
