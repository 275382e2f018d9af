/**
 * What a worker promises: jobs run as the topics say, and what happens to one is not the matter of
 * another.
 */
import { expect, test } from "vitest";
import type { BenchWorker } from "./worker-bench.ts";
import { config, createWorkerBench, refusal, seed, topic } from "./worker-bench.ts";

const states = ({ herder }: BenchWorker, name: string): readonly string[] =>
  herder.status(name).tasks.map(({ id, state }) => `${id} ${state}`);

test("a file's job runs, stores what its topic holds, and any worker tells so", async () => {
  const bench = createWorkerBench();
  const one = bench.open({ seeds: [seed("job", config("temps", { "tasks.max": "2" }))] });
  await bench.run(one.started);
  expect(one.herder.names()).toEqual(["job"]);
  expect(one.herder.info("job")).toMatchObject({
    config: { name: "job", topics: topic },
    tasks: [
      { connector: "job", task: 0 },
      { connector: "job", task: 1 },
    ],
  });
  await bench.publish(["a", "b"]);
  await bench.until("both are stored", () => bench.stored().length === 2);
  expect(one.herder.status("job")).toEqual({
    name: "job",
    connector: { state: "RUNNING", worker_id: "group-0" },
    tasks: [
      { id: 0, state: "RUNNING", worker_id: "group-0" },
      { id: 1, state: "RUNNING", worker_id: "group-0" },
    ],
    type: "sink",
  });
  const other = bench.open({ group: "other" });
  await bench.run(other.started);
  await bench.until("the other has read it", () => other.herder.isReady());
  expect(other.herder.status("job")).toEqual(one.herder.status("job"));
  expect(other.herder.localTasks()).toEqual([]);
});

test("create, pause, resume, stop, delete: each does what its name says", async () => {
  const bench = createWorkerBench();
  const one = bench.open();
  await bench.run(one.started);
  const { herder } = one;
  await bench.run(herder.create("job", config("temps"), "RUNNING"));
  await bench.until("it runs", () => states(one, "job")[0] === "0 RUNNING");

  await bench.run(herder.setTarget("job", "PAUSED"));
  expect(herder.status("job").connector.state).toBe("PAUSED");
  await bench.until("it is paused", () => states(one, "job")[0] === "0 PAUSED");
  await bench.publish(["a"]);
  await bench.clock.advance(10_000);
  expect(bench.stored()).toEqual([]);

  await bench.run(herder.setTarget("job", "RUNNING"));
  await bench.until("it is stored", () => bench.stored().length === 1);

  await bench.run(herder.setTarget("job", "STOPPED"));
  await bench.until("its tasks are gone", () => states(one, "job").length === 0);
  expect(herder.status("job").connector.state).toBe("STOPPED");
  await bench.publish(["b"]);
  await bench.clock.advance(10_000);
  expect(bench.stored()).toEqual(["a"]);

  await bench.run(herder.delete("job"));
  expect(herder.names()).toEqual([]);
  expect(await refusal(bench.run(herder.delete("job")))).toEqual([
    "not-found",
    "Connector job not found.",
  ]);
});

test("a job may begin stopped, and a name is given once", async () => {
  const bench = createWorkerBench();
  const one = bench.open();
  await bench.run(one.started);
  await bench.run(one.herder.create("job", config("temps"), "STOPPED"));
  expect(one.herder.status("job")).toMatchObject({ connector: { state: "STOPPED" }, tasks: [] });
  const again = await refusal(bench.run(one.herder.create("job", config("temps"), "RUNNING")));
  expect(again[0]).toBe("exists");
});

test("what cannot be used is refused with every fault, before anything is written", async () => {
  const bench = createWorkerBench();
  const { herder, started } = bench.open();
  await bench.run(started);
  const broken = { ...config("temps"), "tasks.max": "many", "connect.elastic.port": "none" };
  const [code, message] = await refusal(bench.run(herder.create("job", broken, "RUNNING")));
  expect(code).toBe("invalid");
  expect(message).toContain("tasks.max");
  expect(message).toContain("connect.elastic.port");
  const [, absent] = await refusal(
    bench.run(
      herder.create(
        "job",
        {
          ...config("temps"),
          topics: "nowhere",
          "connect.elastic.kcql": "INSERT INTO t SELECT * FROM nowhere AUTOCREATE PK device.id",
        },
        "RUNNING",
      ),
    ),
  );
  expect(absent).toContain("'nowhere', which this Kafka cluster does not have");
  const [, named] = await refusal(
    bench.run(herder.putConfig("job", { ...config("t"), name: "x" })),
  );
  expect(named).toContain(`The config's name is "x"`);
  expect(herder.names()).toEqual([]);
});

test("a task that fails says why and waits; other jobs go on, and a new config mends it", async () => {
  const bench = createWorkerBench();
  const one = bench.open({
    seeds: [
      seed("brittle", config("first", { "connect.elastic.error.policy": "THROW" })),
      seed("patient", config("second", { "errors.tolerance": "all" })),
    ],
  });
  await bench.run(one.started);
  await bench.publish(["a"]);
  await bench.poison();
  await bench.publish(["b"]);
  await bench.until("it has failed", () => states(one, "brittle")[0] === "0 FAILED");
  await bench.until(
    "the other has all",
    () => bench.stored().filter((id) => id === "b").length === 1,
  );
  const { connector, tasks } = one.herder.status("brittle");
  expect(connector.state).toBe("RUNNING");
  expect(tasks[0]?.trace).toContain("TaskError (unreadable-record)");
  expect(states(one, "patient")).toEqual(["0 RUNNING"]);

  // The record is passed over from now on: the restart alone does not mend it, the config does.
  await bench.run(one.herder.restartTask("brittle", 0));
  await bench.clock.advance(5_000);
  await bench.until("it fails again", () => states(one, "brittle")[0] === "0 FAILED");
  await bench.run(one.herder.patchConfig("brittle", { "errors.tolerance": "all" }));
  await bench.until("it runs", () => states(one, "brittle")[0] === "0 RUNNING");
  await bench.until("it has all", () => bench.stored().filter((id) => id === "b").length === 2);
});

test("a restart takes the failed tasks only when asked so, and its answer shows them", async () => {
  const bench = createWorkerBench();
  const changes = { "tasks.max": "2", "connect.elastic.error.policy": "THROW" };
  const one = bench.open({ seeds: [seed("job", config("temps", changes))] });
  await bench.run(one.started);
  await bench.poison();
  await bench.until("both have failed, one after the other", () =>
    states(one, "job").every((state) => state.endsWith("FAILED")),
  );
  const nothing = await bench.run(
    one.herder.restart("job", { includeTasks: false, onlyFailed: false }),
  );
  expect(nothing.tasks.map(({ state }) => state)).toEqual(["FAILED", "FAILED"]);
  const asked = await bench.run(
    one.herder.restart("job", { includeTasks: true, onlyFailed: true }),
  );
  expect(asked.tasks).toEqual([
    { id: 0, state: "RESTARTING", worker_id: "group-0" },
    { id: 1, state: "RESTARTING", worker_id: "group-0" },
  ]);
  expect((await refusal(bench.run(one.herder.restartTask("job", 7))))[0]).toBe("not-found");
});

test("what REST changed survives a restart; a file that was changed wins", async () => {
  const bench = createWorkerBench();
  const given = config("temps");
  const first = bench.open({ seeds: [seed("job", given)] });
  await bench.run(first.started);
  await bench.run(first.herder.patchConfig("job", { "connect.elastic.batch.size": "77" }));
  await bench.run(first.worker.close());

  const second = bench.open({ seeds: [seed("job", given)] });
  await bench.run(second.started);
  expect(second.herder.info("job").config["connect.elastic.batch.size"]).toBe("77");
  await bench.run(second.worker.close());

  const changed = { ...given, "connect.elastic.batch.size": "88" };
  const third = bench.open({ seeds: [seed("job", changed, "second")] });
  await bench.run(third.started);
  expect(third.herder.info("job").config["connect.elastic.batch.size"]).toBe("88");
});

test("a stop survives a restart, and the worker is ready without tasks", async () => {
  const bench = createWorkerBench();
  const first = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(first.started);
  await bench.run(first.herder.setTarget("job", "STOPPED"));
  await bench.run(first.worker.close());
  const second = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(second.started);
  expect(second.herder.status("job")).toMatchObject({ connector: { state: "STOPPED" }, tasks: [] });
});

test("two workers share a job; one that dies is missed, and the other takes all", async () => {
  const bench = createWorkerBench();
  const seeds = [seed("job", config("temps", { "tasks.max": "2" }))];
  const first = bench.open({ slot: 0, seeds });
  await bench.run(first.started);
  const second = bench.open({ slot: 1, seeds });
  await bench.run(second.started);
  await bench.until("all four run", () => states(first, "job").every((one) => /RUN/.test(one)));
  expect(states(first, "job").map((one) => one.slice(0, 1))).toEqual(["0", "1", "2", "3"]);
  expect(first.herder.status("job").tasks[3]?.worker_id).toBe("group-1");

  await second.client.close(); // as kill -9
  await bench.until("it is missed", () => states(first, "job")[3] === "3 UNASSIGNED");
  expect(states(first, "job")).toEqual(["0 RUNNING", "1 RUNNING", "2 UNASSIGNED", "3 UNASSIGNED"]);
  await bench.publish(["a"]);
  await bench.until("it is stored", () => bench.stored().length === 1);
});

test("a worker that leaves in good order takes its tasks off the list", async () => {
  const bench = createWorkerBench();
  const seeds = [seed("job", config("temps"))];
  const first = bench.open({ slot: 0, seeds });
  const second = bench.open({ slot: 1, seeds });
  await bench.run(Promise.all([first.started, second.started]));
  await bench.until("both run", () => states(first, "job").join() === "0 RUNNING,1 RUNNING");
  await bench.run(second.worker.close());
  expect(states(first, "job")).toEqual(["0 RUNNING"]);
});

test("with another tasks.max the ids of all tasks move, and all of them run", async () => {
  const bench = createWorkerBench();
  const seeds = [seed("job", config("temps", { "tasks.max": "2" }))];
  const workers = [0, 1].map((slot) => bench.open({ slot, seeds }));
  await bench.run(Promise.all(workers.map(({ started }) => started)));
  const [one, two] = workers as [BenchWorker, BenchWorker];
  const running = (count: number) =>
    Array.from({ length: count }, (_, id) => `${id} RUNNING`).join();
  for (const [each, by] of [
    ["3", one],
    ["1", two],
    ["2", one],
  ] as const) {
    await bench.run(by.herder.patchConfig("job", { "tasks.max": each }));
    const wanted = running(2 * Number(each));
    await bench.until(`each runs ${each}`, () => states(one, "job").join() === wanted);
    await bench.until("both say so", () => states(two, "job").join() === wanted);
  }
  await bench.publish(["a"]);
  await bench.until("it is stored", () => bench.stored().length === 1);
});

test("any worker changes any group's job: the job's own workers act on it", async () => {
  const bench = createWorkerBench();
  const own = bench.open({ group: "own", seeds: [seed("job", config("temps"))] });
  const other = bench.open({ group: "other" });
  await bench.run(Promise.all([own.started, other.started]));
  await bench.run(other.herder.setTarget("job", "STOPPED"));
  await bench.until("its tasks are gone", () => states(other, "job").length === 0);
  expect(own.herder.localTasks()).toEqual([]);
  await bench.run(other.herder.putConfig("job", { ...config("temps"), "tasks.max": "2" }));
  await bench.run(other.herder.setTarget("job", "RUNNING"));
  await bench.until("two tasks run", () => states(other, "job").join() === "0 RUNNING,1 RUNNING");
  expect(other.herder.localTasks()).toEqual([]);
});

test("two workers in one slot: the older one's task has failed and says so", async () => {
  const bench = createWorkerBench();
  const seeds = [seed("job", config("temps"))];
  const older = bench.open({ seeds });
  await bench.run(older.started);
  await bench.clock.advance(1_000);
  const newer = bench.open({ seeds });
  await bench.run(newer.started);
  await bench.until("the older one has failed", () => states(older, "job")[0] === "0 FAILED");
  expect(older.herder.status("job").tasks[0]?.trace).toMatch(/slot/);
  await bench.clock.advance(20_000);
  expect(states(newer, "job")).toEqual(["0 RUNNING"]);
  await bench.run(older.worker.close());
  await bench.clock.advance(10_000);
  expect(states(newer, "job")).toEqual(["0 RUNNING"]);
  await bench.publish(["a"]);
  await bench.until("it is stored", () => bench.stored().length === 1);
});

test("records that mean nothing are passed over and told; the worker goes on", async () => {
  const bench = createWorkerBench();
  const one = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(one.started);
  await bench.scribble("test.connect.configs", "connector-../../etc", { properties: {} });
  await bench.scribble("test.connect.configs", "connector-bad", { properties: { a: 1 } });
  await bench.scribble("test.connect.targets", "target-state-job", { state: "DANCING" });
  await bench.scribble("test.connect.status", "nonsense", null);
  await bench.run(one.herder.create("next", config("other"), "RUNNING"));
  await bench.until("it runs", () => states(one, "next")[0] === "0 RUNNING");
  expect(one.herder.names()).toEqual(["job", "next"]);
  expect(bench.messages.filter((line) => line.startsWith("passed over"))).toHaveLength(4);
  expect(states(one, "job")).toEqual(["0 RUNNING"]);
});

test("a config that its workers cannot use is FAILED with the reason until it is mended", async () => {
  const bench = createWorkerBench();
  const one = bench.open();
  await bench.run(one.started);
  const properties = { ...config("temps"), "connect.elastic.hosts": `\${env:FLEETPROOF_NOWHERE}` };
  const record = { properties, group: "group", source: { kind: "rest" } };
  await bench.scribble("test.connect.configs", "connector-job", record);
  await bench.until("it is there", () => one.herder.names().length === 1);
  await bench.until("it failed", () => one.herder.status("job").connector.state === "FAILED");
  expect(one.herder.status("job").connector.trace).toContain("FLEETPROOF_NOWHERE");
  await bench.run(one.herder.putConfig("job", config("temps")));
  await bench.until("it runs", () => states(one, "job")[0] === "0 RUNNING");
  await bench.until("it is told", () => one.herder.status("job").connector.state === "RUNNING");
});

test("topics that tasks read are listed until they are reset", async () => {
  const bench = createWorkerBench();
  const one = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(one.started);
  expect(one.herder.topics("job")).toEqual([]);
  await bench.publish(["a"]);
  await bench.until("it is listed", () => one.herder.topics("job").length === 1);
  await bench.run(one.herder.resetTopics("job"));
  expect(one.herder.topics("job")).toEqual([]);
});
