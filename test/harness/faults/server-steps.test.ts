/** Steps on servers and on what they keep: ended and started again, full, cut, made anew. */
import { expect, test } from "vitest";
import { explainsTheGenerator } from "../../../harness/faults/fault-report.ts";
import { playFault } from "../../../harness/faults/play-fault.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { memoryStage, type StageOptions } from "./memory-stage.ts";

const restart: FaultStep = { kind: "restart", target: "kafka", atMs: 0 };
const kill: FaultStep = { kind: "kill", target: "cassandra", atMs: 0 };
const full: FaultStep = { kind: "disk-full", target: "elasticsearch", atMs: 0, forMs: 5_000 };
const cut = (target: string): FaultStep => ({
  kind: "delete-records",
  target,
  atMs: 0,
  forMs: 8_000,
});
const anew: FaultStep = { kind: "recreate", target: "aggregated", atMs: 0 };

async function play(step: FaultStep, options: StageOptions = {}) {
  const stage = memoryStage(options);
  const report = await stage.play(playFault(step, stage.ports));
  return { report, did: stage.did };
}

test("a broker that is ended and started again has recovered when every stage has gone on", async () => {
  const { report, did } = await play(restart);
  expect(did).toEqual(["SIGTERM kafka"]);
  expect(report.effect).toBe(
    "kafka was ended by SIGTERM within 0.1 s; started again with its data, it answered after 1.0 s; " +
      "aggregator, job-elasticsearch, job-cassandra went on",
  );
  expect(report.recoveredMs).toBeGreaterThanOrEqual(1_000);
});

test("a server that is killed interrupts the job that fills it, and no other", async () => {
  const { report, did } = await play(kill);
  expect(did).toEqual(["SIGKILL cassandra"]);
  expect(report.effect).toMatch(/^cassandra was killed; .*; job-cassandra went on$/);
});

test("sends that fail or come late while the broker is away are the fault's doing, a store's are not", () => {
  const report = { atMs: 0, untilMs: 1, recoveredMs: 1, effect: "it was ended" };
  expect(explainsTheGenerator({ ...report, ...restart })).toBe(true);
  expect(explainsTheGenerator({ ...report, ...restart, effect: null })).toBe(false);
  expect(explainsTheGenerator({ ...report, ...kill })).toBe(false);
});

test("planted: stages that stay stuck after the server answers again have not recovered", async () => {
  const { report } = await play(restart, { neverGoesOn: true });
  expect(report.recoveredMs).toBeNull();
  expect(report.effect).toContain("did not all go on");
});

test("of a broker that stands still nobody is asked before it goes on", async () => {
  const { report, did } = await play({ kind: "pause", target: "kafka", atMs: 0, forMs: 6_000 });
  expect(did).toEqual(["stop kafka", "continue kafka"]);
  expect(report.effect).toMatch(/aggregator, job-elasticsearch, job-cassandra went on .* SIGCONT$/);
});

test("a disk is full from when Elasticsearch looks at it on, and has room again in the end", async () => {
  const { report, did } = await play(full);
  expect(did).toEqual(["fill the disk", "empty the disk"]);
  expect(report.effect).toMatch(
    /^Elasticsearch took its disk for full after 12\.\d s and made 2 indices read-only for 5\.\d s; .* went on/,
  );
});

test("planted: a disk that Elasticsearch never took for full left no trace, and is put back all the same", async () => {
  const { report, did } = await play(full, { indices: 0 });
  expect(report.effect).toBeNull();
  expect(did.at(-1)).toBe("empty the disk");
});

test("what is broken off does not leave a full disk behind", async () => {
  const stage = memoryStage();
  const broken = new AbortController();
  const ports = { ...stage.ports, signal: broken.signal };
  void stage.clock.sleep(4_000).then(() => broken.abort(new Error("second Ctrl-C")));
  await expect(stage.play(playFault(full, ports))).rejects.toThrow("second Ctrl-C");
  expect(stage.did.at(-1)).toBe("empty the disk");
});

test("jobs that fail at a gap say so, and go on when their operator has moved them behind it", async () => {
  const failures = (target: string): readonly string[] => [
    `task 0 of ${target} failed: records lost`,
  ];
  const { report, did } = await play(cut("aggregated"), { failures, unread: 40 });
  expect(did[0]).toBe("expect failures");
  expect(did).toContain("cut aggregated");
  expect(did.filter((each) => each.startsWith("move job-"))).toHaveLength(2);
  expect(did.at(-1)).toBe("expect none");
  expect(report.effect).toMatch(
    /after 9\.5 s .* was cut; \d+ records that job-elasticsearch had not read: task 0 .* and went on; /,
  );
});

test("planted: a stage that goes on behind a gap without a word is told as one", async () => {
  const { report } = await play(cut("raw"));
  expect(report.effect).toMatch(/records that aggregator had not read, and nobody said so$/);
  expect(report.recoveredMs).toBeNull();
});

test("planted: where nothing was unread, nothing was cut", async () => {
  const { report, did } = await play(cut("raw"), { unread: 0, idle: true });
  expect(report.effect).toBeNull();
  expect(did).not.toContain("cut raw");
});

test("a topic that is made anew has lost its offsets; one that is not left no trace", async () => {
  const { report, did } = await play(anew);
  expect(did).toContain("recreate aggregated");
  expect(report.effect).toMatch(
    /^aggregated was deleted .*: \d+ offsets of the old one are gone; no/,
  );
  expect((await play(anew, { restartDoesNothing: true })).report.effect).toBeNull();
});
