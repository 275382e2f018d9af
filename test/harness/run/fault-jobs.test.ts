import { expect, test } from "vitest";
import { jobsOf } from "../../../harness/run/fault-jobs.ts";
import type { JobRest } from "../../../harness/run/job-rest.ts";
import { JobRestError } from "../../../harness/run/worker-requests.ts";

function open() {
  const did: string[] = [];
  const rest = {
    stop: async (job: string) => void did.push(`stop ${job}`),
    moveOffsets: async (job: string, to: Parameters<JobRest["moveOffsets"]>[1]) =>
      void did.push(`move ${job} to ${to.map((at) => `${at.partition}/${at.offset}`).join()}`),
    resume: async (job: string) => void did.push(`resume ${job}`),
    restart: async (job: string) => void did.push(`restart ${job}`),
    status: async (name: string) => ({
      name,
      state: "RUNNING",
      tasks: [{ id: 3, state: "FAILED", trace: "no JSON" }],
    }),
  } as unknown as JobRest;
  const jobs = jobsOf({
    jobs: [{ store: "cassandra", name: "r-cassandra" }],
    rest,
    tasks: { expectFailures: () => () => undefined },
    async hold(target, work) {
      did.push(`hold ${target}`);
      return work();
    },
  });
  return { jobs, did };
}

test("a job is moved behind a record as its operator does it, and nobody else touches it meanwhile", async () => {
  const { jobs, did } = open();
  await jobs.moveBehind("job-cassandra", { topic: "t", partition: 2, offset: 41 });
  expect(did).toEqual([
    "hold job-cassandra",
    "stop r-cassandra",
    "move r-cassandra to 2/42",
    "resume r-cassandra",
  ]);
});

test("a stage stands for its job: restart and failures go by the name in its config", async () => {
  const { jobs, did } = open();
  await jobs.restart("job-cassandra");
  expect(did).toEqual(["hold job-cassandra", "restart r-cassandra"]);
  expect(jobs.targets).toEqual(["job-cassandra"]);
  expect(await jobs.failures("job-cassandra")).toEqual(["task 3 of r-cassandra failed: no JSON"]);
  await expect(jobs.failures("job-elasticsearch")).rejects.toThrow("No job of this run is");
});

test("a job whose last worker has just been killed has told of no failure; a refusal is told", async () => {
  const told = (code: JobRestError["code"]) => {
    const status = async (): Promise<never> => {
      throw new JobRestError(code, "no answer");
    };
    return jobsOf({
      jobs: [{ store: "cassandra", name: "r-cassandra" }],
      rest: { status } as unknown as JobRest,
      tasks: { expectFailures: () => () => undefined },
      hold: (_, work) => work(),
    }).failures("job-cassandra");
  };
  expect(await told("no-worker")).toEqual([]);
  expect(await told("unreachable")).toEqual([]);
  await expect(told("refused")).rejects.toThrow("no answer");
});
