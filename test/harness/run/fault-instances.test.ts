import { expect, test } from "vitest";
import {
  aheadBy,
  createStandIns,
  type InstanceParts,
  instancesOf,
} from "../../../harness/run/fault-instances.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { systemClock } from "../../../simulator/clock.ts";

const start = (target: string): FaultStep => ({ kind: "start", target, atMs: 0 });

test("a stand-in gets a slot that no process, no step and no other stand-in has", () => {
  const names = () => ["simulator-5", "aggregator-0", "job-cassandra-0"];
  const standInFor = createStandIns([start("aggregator-2"), start("job-cassandra-1")], { names });
  expect(standInFor("aggregator-0")).toBe("aggregator-3");
  expect(standInFor("aggregator-0")).toBe("aggregator-4");
  expect(standInFor("job-cassandra-0")).toBe("job-cassandra-2");
  expect(standInFor("job-elasticsearch-0")).toBe("job-elasticsearch-1");
});

function open(fails: boolean) {
  const started: string[] = [];
  const noted: string[] = [];
  const begin = async (name: string): Promise<void> => {
    started.push(name);
    if (fails) throw new Error(`${name} was not ready after 60 s`);
  };
  const parts = {
    fleet: { restart: (name: string) => begin(`fleet: ${name}`) },
    slots: { restart: begin, usage: () => ({ "aggregator-0": { exits: ["exit code 0"] } }) },
    troubles: { note: (sentence: string) => void noted.push(sentence) },
  } as unknown as InstanceParts;
  const broken = new AbortController();
  const context = { clock: systemClock, signal: broken.signal };
  const instances = instancesOf(context, parts, new AbortController().signal);
  return { instances, started, noted, broken };
}

test("a worker of the fleet is started again by the fleet, everything else as it was", async () => {
  const { instances, started } = open(false);
  expect(await instances.restart("simulator-1")).toBe(true);
  expect(await instances.restart("job-cassandra-0")).toBe(true);
  expect(started).toEqual(["fleet: simulator-1", "job-cassandra-0"]);
  expect(instances.lastExit("aggregator-0")).toBe("exit code 0");
  expect(instances.lastExit("aggregator-1")).toBeUndefined();
});

test("what does not come up is a trouble of the run, unless the run itself is broken off", async () => {
  const { instances, noted, broken } = open(true);
  expect(await instances.restart("aggregator-0")).toBe(false);
  expect(noted).toEqual(["aggregator-0 was not ready after 60 s"]);
  broken.abort(new Error("second Ctrl-C"));
  await expect(instances.restart("aggregator-0")).rejects.toThrow("second Ctrl-C");
});

test("a clock that is ahead starts later in event time and runs as fast; nothing else is changed", () => {
  const clock = { origin: 5_000, start: 1_000_000, scale: 50 };
  const args = ["connect", "file", "--clock", JSON.stringify(clock), "--listen", "127.0.0.1:0"];
  const spec = { name: "job-cassandra-0", entry: "job", args, logFile: "log", nice: 15 };
  const ahead = aheadBy(spec, 7_200_000);
  expect(JSON.parse(ahead.args[3] ?? "")).toEqual({ ...clock, start: 8_200_000 });
  expect({ ...ahead, args: ahead.args.toSpliced(3, 1) }).toEqual({
    ...spec,
    args: args.toSpliced(3, 1),
  });
});
