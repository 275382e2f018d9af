import { expect, onTestFinished, test } from "vitest";
import { identityOf, ownIdentity } from "../../../harness/process/process-table.ts";
import { openRegistry } from "../../../harness/process/registry.ts";
import { spawnProcess } from "../../../harness/process/spawn-process.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { openStack } from "../../../harness/stack/open-stack.ts";
import { keepRestarted } from "../../../harness/stack/restart-kept.ts";
import {
  type KeptStack,
  launchOf,
  readStackFile,
  reserveStackName,
  writeStackFile,
} from "../../../harness/stack/stack-file.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryFolder } from "../process/fixture.ts";

const gone = { pid: 2 ** 22 + 1, startTime: "long ago" };

function keptStack(folder: string): KeptStack {
  const server = { process: gone, logFile: `${folder}/log` };
  const owner = { ...gone };
  const record = { kind: "process", purpose: "kafka of stack mine", owner, stack: "mine" } as const;
  return {
    state: "kept",
    name: "mine",
    id: "mine-1",
    startedAt: "2026-01-15T00:00:00.000Z",
    kafka: { ...server, bootstrap: "127.0.0.1:1" },
    elasticsearch: { ...server, node: "http://127.0.0.1:1", process: { ...gone, pid: 5 } },
    cassandra: {
      ...server,
      process: { ...gone, pid: 6 },
      contactPoint: "127.0.0.1",
      port: 1,
      localDataCenter: "d",
    },
    versions: { kafka: "1", elasticsearch: "1", cassandra: "1", java: "1" },
    dataFolders: [folder],
    records: [
      { ...record, id: "a", process: gone },
      { ...record, id: "b", process: { ...gone, pid: 5 } },
    ],
  };
}

async function startedAgain(folder: string, registry: ReturnType<typeof openRegistry>) {
  const command = { name: "kafka", command: "sleep", args: ["300"], logFile: `${folder}/log` };
  const process = await spawnProcess({ ...command, registry, clock });
  onTestFinished(async () => void (await process.stop({ graceMs: 0 })));
  return process;
}

test("the file and the records of a kept stack name the new life of a server, and no longer the old one", async () => {
  const folder = temporaryFolder();
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const registry = openRegistry(home.registry, () => undefined);
  reserveStackName(home, "mine");
  writeStackFile(home, keptStack(folder));
  const process = await startedAgain(folder, registry);
  keepRestarted("mine", "kafka", process, home);
  const file = readStackFile(home, "mine") as KeptStack;
  expect(file.kafka.process).toEqual(identityOf(process.pid));
  expect(file.records.map(({ id }) => id)).toEqual(["b", process.recordId]);
  expect(registry.list()).toMatchObject([{ id: process.recordId, stack: "mine" }]);
});

test("planted: of a stack that was ended meanwhile the new life is still found by its record", async () => {
  const folder = temporaryFolder();
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const registry = openRegistry(home.registry, () => undefined);
  const process = await startedAgain(folder, registry);
  expect(() => keepRestarted("mine", "kafka", process, home)).toThrow(/was ended while kafka/);
  expect(registry.list()).toMatchObject([{ stack: "mine" }]);
});

test("a server of a stack that an older version brought up is left alone, with a sentence that says what can be done", async () => {
  const folder = temporaryFolder();
  const home = homeOf({ FLEETPROOF_HOME: folder });
  reserveStackName(home, "mine");
  const file = keptStack(folder);
  const self = { process: ownIdentity() };
  const [kafka, elasticsearch] = [
    { ...file.kafka, ...self },
    { ...file.elasticsearch, ...self },
  ];
  writeStackFile(home, {
    ...file,
    kafka,
    elasticsearch,
    cassandra: { ...file.cassandra, ...self },
  });
  await using stack = openStack("mine", { home, clock });
  const { signal } = new AbortController();
  await expect(stack.restart("kafka", { graceMs: 0, signal })).rejects.toMatchObject({
    code: "not-restartable",
    message: expect.stringMatching(
      /did not note how kafka is started: end it with .*stack down mine/,
    ),
  });
});

test("a command is kept with the stack as it was given, what is undefined left out", () => {
  const command = {
    name: "kafka",
    command: "java",
    args: ["-cp", "x"],
    env: { A: "1", B: undefined },
    logFile: "/log",
    nice: 1,
  };
  expect(launchOf(command)).toEqual({ ...command, env: { A: "1" } });
});
