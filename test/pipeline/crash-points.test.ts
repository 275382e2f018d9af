import { expect, test } from "vitest";
import { crashPoints } from "../../harness/scenario/fault-kinds/crash-point-names.ts";
import { aggregatorPoints, createArmedCrash, taskPoints } from "../../pipeline/crash-points.ts";

function open() {
  const ended: string[] = [];
  let heard = 0;
  const crash = createArmedCrash(
    (point) => void ended.push(point),
    () => {
      heard += 1;
    },
  );
  return { crash, ended, heard: () => heard };
}

test("unarmed, nothing happens at any point", () => {
  const { crash, ended } = open();
  for (const point of [...aggregatorPoints, ...taskPoints]) crash.reach(point);
  expect(ended).toEqual([]);
});

test("armed, the process ends at its point and at no other", () => {
  const { crash, ended, heard } = open();
  crash.hear({ type: "crash-at", point: "after-write" });
  expect(heard()).toBe(1);
  crash.reach("before-write");
  expect(ended).toEqual([]);
  crash.reach("after-write");
  expect(ended).toEqual(["after-write"]);
});

test("with a count it ends at that passage from then on", () => {
  const { crash, ended } = open();
  crash.reach("after-commit");
  crash.hear({ type: "crash-at", point: "after-commit", times: 3 });
  crash.reach("after-commit");
  crash.reach("after-commit");
  expect(ended).toEqual([]);
  crash.reach("after-commit");
  expect(ended).toEqual(["after-commit"]);
});

test("what was armed can be taken back", () => {
  const { crash, ended, heard } = open();
  crash.hear({ type: "crash-at", point: "after-write" });
  crash.hear({ type: "crash-never" });
  expect(heard()).toBe(2);
  crash.reach("after-write");
  expect(ended).toEqual([]);
});

test.each([
  undefined,
  null,
  "crash-at",
  { type: "ready" },
  { type: "crash-at" },
  { type: "crash-at", point: 7 },
  { type: "crash-at", point: "after-write", times: "1" },
])("a message that is no order arms nothing: %j", (message) => {
  const { crash, ended, heard } = open();
  crash.hear(message);
  crash.reach("after-write");
  expect(ended).toEqual([]);
  expect(heard()).toBe(0);
});

test("a scenario knows the points of every job, and no others", () => {
  expect(Object.keys(crashPoints["aggregator"] ?? {})).toEqual([...aggregatorPoints]);
  for (const job of ["job-elasticsearch", "job-cassandra"]) {
    expect(Object.keys(crashPoints[job] ?? {})).toEqual([...taskPoints]);
  }
});
