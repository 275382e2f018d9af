import { expect, test } from "vitest";
import { jobStage, stageOf } from "../../../harness/run/groups.ts";

const names = {
  topics: { raw: "raw", aggregated: "aggregated", rejected: "rejected", checkpoints: "c" },
};
const stages = ["elasticsearch", "elasticsearch-new1", "elasticsearch-new11"].map((stage) =>
  jobStage(names, { stage, name: `r1-${stage}` }),
);

test("a process belongs to the stage whose name stands before its slot, and to no other", () => {
  expect(stageOf(stages, "job-elasticsearch-0").group).toBe("connect-r1-elasticsearch");
  expect(stageOf(stages, "job-elasticsearch-12").stage).toBe("elasticsearch");
  expect(stageOf(stages, "job-elasticsearch-new1-0").stage).toBe("elasticsearch-new1");
  expect(stageOf(stages, "job-elasticsearch-new11-0").group).toBe("connect-r1-elasticsearch-new11");
});

test("a process of no stage is refused", () => {
  for (const process of ["simulator-0", "job-elasticsearch", "job-elasticsearch-new2-0"]) {
    expect(() => stageOf(stages, process)).toThrow("has no consumer group");
  }
});
