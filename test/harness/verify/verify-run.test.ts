import { expect, test } from "vitest";
import { FactsError } from "../../../harness/facts/facts-error.ts";
import type { RunRecord } from "../../../harness/facts/run-record.ts";
import { StackError } from "../../../harness/stack/stack-error.ts";
import { type VerifyPorts, verifyRun } from "../../../harness/verify/verify-run.ts";
import { factsOf, honestHistory } from "../checks/history.ts";

const whole = factsOf(honestHistory);
const holed = factsOf({ ...honestHistory, cassandra: honestHistory.cassandra.slice(1) });
const kept: RunRecord = { ...whole.record, stack: "mine", stackId: "mine-1" };

/** A run on a kept stack on which nothing has changed. */
function ports(changes: Partial<VerifyPorts> = {}): VerifyPorts {
  return {
    say: () => {},
    inspect: async () => ({ kind: "whole" }),
    readRecord: async () => kept,
    readFacts: async () => whole,
    look: async () => ({ kind: "seen", facts: whole }),
    ...changes,
  };
}

const never = (): never => {
  throw new Error("not to be asked");
};

test("what the kept stack holds now is judged, not what the run recorded", async () => {
  const honest = await verifyRun(ports({ readFacts: never }));
  expect(honest).toMatchObject({ by: "stack", judgement: { verdict: "PASS" } });
  expect(honest.looked).toContain("the kept stack mine");
  const look = async () => ({ kind: "seen", facts: holed }) as const;
  const tampered = await verifyRun(ports({ look, readFacts: never }));
  expect(tampered.judgement.verdict).toBe("FAIL");
  expect(tampered.judgement.findings).toMatchObject([{ class: "lost-write", store: "cassandra" }]);
});

test("a run on servers of its own, or on a stack that is gone, is judged from its folder, and says so", async () => {
  const own = { readRecord: async () => whole.record, look: never };
  for (const changes of [own, { look: async () => undefined }]) {
    const { by, looked, judgement } = await verifyRun(ports(changes));
    expect(by).toBe("folder");
    expect(looked).toBe("the servers of this run are gone: judged from its folder alone");
    expect(judgement.verdict).toBe("PASS");
  }
  const lost = await verifyRun(ports({ ...own, readFacts: async () => holed }));
  expect(lost.judgement.verdict).toBe("FAIL");
});

test("a kept stack of which a server has died is the environment's fault", async () => {
  const broken = new StackError("stack-broken", "The stack mine is broken.");
  const look = (): Promise<never> => Promise.reject(broken);
  await expect(verifyRun(ports({ look }))).rejects.toBe(broken);
});

test("what can no longer be read on the stack leaves the run undecided, never passed", async () => {
  const reasons = ["retention has cut the topic"];
  const { judgement } = await verifyRun(
    ports({ look: async () => ({ kind: "undecided", reasons }) }),
  );
  expect(judgement).toMatchObject({ verdict: "UNKNOWN", findings: [] });
  expect(judgement.reasons).toMatchObject([{ why: "retention has cut the topic" }]);
});

test("a folder that is not whole is not judged, and nothing is asked of the stack", async () => {
  const blind = { readRecord: never, readFacts: never, look: never };
  const unsealed = await verifyRun(
    ports({ ...blind, inspect: async () => ({ kind: "unsealed" }) }),
  );
  expect(unsealed).toMatchObject({ by: "nothing", judgement: { verdict: "UNKNOWN" } });
  expect(unsealed.judgement.reasons[0]?.why).toContain("broken off");
  const sentence = "facts/run.json is missing";
  const damages = [{ file: "facts/run.json", kind: "missing", sentence }] as const;
  const inspect = async () => ({ kind: "damaged", damages }) as const;
  const damaged = await verifyRun(ports({ ...blind, inspect }));
  expect(damaged).toMatchObject({ by: "nothing", judgement: { verdict: "UNKNOWN" } });
  expect(damaged.judgement.reasons[0]?.why).toContain("facts/run.json is missing: nothing can be");
});

test("facts of another version are undecided; an error of ours is thrown", async () => {
  const own = { readRecord: async () => whole.record };
  const readFacts = (): Promise<never> =>
    Promise.reject(new FactsError("run.json is not of schema 1"));
  const { judgement } = await verifyRun(ports({ ...own, readFacts }));
  expect(judgement.verdict).toBe("UNKNOWN");
  expect(judgement.reasons[0]?.why).toContain("run.json is not of schema 1");
  const bug = (): Promise<never> => Promise.reject(new TypeError("ours"));
  await expect(verifyRun(ports({ ...own, readFacts: bug }))).rejects.toThrow("ours");
});
