import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { expect, test } from "vitest";
import {
  aggregatorSlot,
  bootstrapFor,
  instanceSlot,
  type PipelineOptions,
} from "../../../harness/run/pipeline-slots.ts";
import { createRunFolder } from "../../../harness/run/run-folder.ts";
import type { ScenarioJob } from "../../../harness/scenario/scenario.ts";
import { runNames } from "../../../pipeline/contract/names.ts";
import { temporaryFolder } from "../process/fixture.ts";

const run = "r00000000";
const dayMs = 86_400_000;

function options(more: Partial<PipelineOptions> = {}): PipelineOptions {
  const out = temporaryFolder();
  const file = join(out, "elastic.json");
  writeFileSync(file, '{ "name": "n", "config": { "tasks.max": 1, "a": "x", "b": "y" } }');
  const job: ScenarioJob = {
    file,
    store: "elasticsearch",
    workers: 2,
    config: { "tasks.max": 3, a: null },
  };
  const window = { sizeMs: 300_000, graceMs: 0, retentionMs: 0, aheadMs: 0, quorum: 3 };
  return {
    run,
    names: runNames(run),
    folder: createRunFolder(out, run),
    originMs: 1_000,
    scenario: {
      jobs: [job],
      time: { start: 5_000 },
      fleet: { timeScale: 2, everyMs: 10_000 },
      window,
    },
    stack: {
      kafka: { bootstrap: "k:1" },
      elasticsearch: { node: "http://e:2" },
      cassandra: { contactPoint: "c", port: 3, localDataCenter: "d" },
    },
    ...more,
  } as unknown as PipelineOptions;
}

function read(args: readonly string[]) {
  const strings = { type: "string" } as const;
  const known = {
    bootstrap: strings,
    slot: strings,
    clock: strings,
    cluster: strings,
    listen: strings,
  };
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...known, set: { ...strings, multiple: true } },
  });
}

test("a worker is given the job's config with the scenario's keys laid over it, from the run's folder", () => {
  const { name, args } = instanceSlot(options(), "job-elasticsearch-1");
  const { positionals, values } = read(args);
  const [kind, file] = positionals;
  expect([name, kind, basename(file!)]).toEqual([
    "job-elasticsearch-1",
    "connect",
    "job-elasticsearch.json",
  ]);
  expect(JSON.parse(readFileSync(file!, "utf8"))).toEqual({
    name: "n",
    config: { "tasks.max": 3, b: "y" },
  });
  expect(values).toMatchObject({
    cluster: run,
    listen: "127.0.0.1:0",
    slot: "1",
    bootstrap: "k:1",
  });
});

test("the jobs' clock may be moved on, the aggregator's goes with the fleet's", () => {
  const later = options({ clockAheadMs: dayMs });
  const clockOf = (args: readonly string[]): unknown => JSON.parse(String(read(args).values.clock));
  const clock = { origin: 1_000, start: 5_000, scale: 2 };
  expect(clockOf(instanceSlot(options(), "job-elasticsearch-0").args)).toEqual(clock);
  expect(clockOf(instanceSlot(later, "job-elasticsearch-0").args)).toEqual({
    ...clock,
    start: 5_000 + dayMs,
  });
  expect(clockOf(aggregatorSlot(later, 0).args)).toEqual(clock);
});

test("where a link has a proxy, its stage is given that, and no other", () => {
  const ports = new Map([
    ["aggregator/kafka", 7],
    ["job-elasticsearch/elasticsearch", 8],
  ]);
  const proxied = options({ links: { portOf: (link) => ports.get(link) } });
  expect(read(aggregatorSlot(proxied, 0).args).values.bootstrap).toBe("127.0.0.1:7");
  expect(bootstrapFor("simulator", proxied)).toBe("k:1");
  const { values } = read(instanceSlot(proxied, "job-elasticsearch-0").args);
  expect(values.bootstrap).toBe("k:1");
  expect(values.set).toContain("elasticsearch.port=8");
  expect(values.set).toContain("cassandra.port=3");
});

test("a name of no stage is an error of ours", () => {
  expect(() => instanceSlot(options(), "job-cassandra-0")).toThrow("No stage of this run has");
});
