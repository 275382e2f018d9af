import { expect, test } from "vitest";
import { smallFleet } from "../aggregator-world.ts";
import { createServiceWorld } from "./service-world.ts";

const topic = "raw";

test("what an instance counts is what Prometheus reads, each metric with its help", async () => {
  const world = createServiceWorld({ commitEvery: 100 });
  const instance = world.serve(0);
  await world.run(instance.ready);
  await world.run(world.feed(smallFleet(), 10));
  await world.run(world.drained());
  await world.run(world.clock.sleep(500));
  const { progress, partitions, openWindows } = await instance.status();
  const { value, types, helps } = await instance.metrics();
  const plain = (name: string) => value(`fleetproof_aggregator_${name}`, {});
  expect(plain("records_folded_total")).toBe(progress.folded);
  expect(plain("records_duplicate_total")).toBe(progress.duplicate);
  expect(plain("aggregates_emitted_total")).toBe(progress.emitted);
  expect(plain("checkpoints_total")).toBe(progress.checkpoints);
  expect(plain("commits_total")).toBe(progress.commits);
  expect(plain("rollbacks_total")).toBe(0);
  expect(plain("assignments_total")).toBe(1);
  expect(plain("generation")).toBe(1);
  expect(plain("assigned_partitions")).toBe(2);
  expect(plain("commit_seconds_total")).toBeGreaterThanOrEqual(0);
  for (const [reason, count] of Object.entries(progress.rejected)) {
    expect(value("fleetproof_aggregator_records_rejected_total", { reason })).toBe(count);
  }
  const windows = partitions.map(({ partition }) =>
    value("fleetproof_aggregator_open_windows", { topic, partition: String(partition) }),
  );
  expect(windows.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0)).toBe(openWindows);
  const lag = "kafka_consumer_consumer_fetch_manager_metrics_records_lag";
  expect(value(lag, { client_id: "g-0", topic, partition: "1" })).toBe(0);
  expect(value("fleetproof_aggregator_lag_seconds", { topic, partition: "1" })).toBe(0);
  const state = (name: string) => value("fleetproof_aggregator_state", { state: name });
  expect([state("running"), state("stopping")]).toEqual([1, 0]);
  expect(helps.size).toBeGreaterThanOrEqual(types.size);
  for (const [name, type] of types) {
    expect(helps.get(name)).toBeTruthy();
    expect([name, type]).toEqual([name, name.endsWith("_total") ? "counter" : "gauge"]);
  }
  instance.stop();
  await world.run(instance.done);
  const after = await instance.metrics();
  expect(after.value("fleetproof_aggregator_state", { state: "stopping" })).toBe(1);
  expect(after.value(lag, { client_id: "g-0", topic, partition: "1" })).toBeUndefined();
  world.close();
});
