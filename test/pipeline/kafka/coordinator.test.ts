import { heartbeatV4 } from "@platformatic/kafka";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { openCoordinator } from "../../../pipeline/kafka/coordinator.ts";
import { type Reaction, scriptedBroker } from "./scripted-broker.ts";

const notCoordinator = 16;
const loading = 14;
const rebalanceInProgress = 27;

test("a coordinator that has moved is looked for and asked again", async () => {
  const { answer, asked } = await outcome({ repeatable: false }, notCoordinator, 0);
  expect(answer).toMatchObject({ errorCode: 0 });
  expect(asked).toEqual(["find-coordinator", "heartbeat", "find-coordinator", "heartbeat"]);
});

test("a refusal that is not about the coordinator is the caller's to judge", async () => {
  const { answer, asked } = await outcome({ repeatable: true }, rebalanceInProgress);
  expect(answer).toMatchObject({ errorCode: rebalanceInProgress });
  expect(asked.length).toBe(2);
});

test("one that keeps loading is given up in time, and surely did nothing", async () => {
  const { answer } = await outcome({ repeatable: true }, ...new Array<Reaction>(99).fill(loading));
  expect(answer).toMatchObject({ code: "unavailable", definite: true });
});

test("a question that never left is asked again, whatever it is", async () => {
  const { answer } = await outcome({ repeatable: false }, "unreachable", "unreachable");
  expect(answer).toMatchObject({ errorCode: 0 });
});

test("a question that may have been heard is asked again only if that does no harm", async () => {
  const harmless = await outcome({ repeatable: true }, "disconnected");
  expect(harmless.answer).toMatchObject({ errorCode: 0 });
  const harmful = await outcome({ repeatable: false }, "disconnected");
  expect(harmful.answer).toMatchObject({ code: "unavailable", definite: false });
  expect(harmful.asked).toEqual(["find-coordinator", "heartbeat"]);
});

/** The answer or the error, and what was asked of the broker. */
async function outcome(of: { readonly repeatable: boolean }, ...reactions: readonly Reaction[]) {
  const clock = createVirtualClock(0);
  const { broker, asked, react } = scriptedBroker(clock);
  react("heartbeat", ...reactions);
  const coordinator = openCoordinator(broker, { kind: "group", key: "g", purpose: "test" });
  const question = coordinator({
    what: "a question",
    api: heartbeatV4.api,
    args: ["g", 1, "m", null],
    codeOf: ({ errorCode }) => errorCode,
    forMs: 5_000,
    ...of,
  });
  const settled = question.catch((error: unknown) => error);
  const answer: unknown = await clock.runUntil(settled, 60_000);
  return { answer, asked: asked.map(({ request }) => request) };
}
