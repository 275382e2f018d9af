import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { openMembership } from "../../../pipeline/kafka/group.ts";
import { scriptedBroker } from "./scripted-broker.ts";

const unknownMemberId = 25;
const rebalanceInProgress = 27;
const memberIdRequired = 79;
const fencedInstanceId = 82;
const groupAuthorizationFailed = 30;

test("a newcomer takes the member id that it is given, leads, and its assignment is pinned", async () => {
  const { next, react, joinedAs } = opened();
  react("join", memberIdRequired);
  const assignment = await next();
  expect(assignment).toMatchObject({
    group: "g",
    generation: 4,
    memberId: "given-id",
    groupInstanceId: "slot-0",
    partitions: new Map([["in", [0, 1, 2, 3, 4, 5, 6, 7]]]),
  });
  expect(joinedAs()).toEqual(["", "given-id"]);
});

test("a group that begins another round meanwhile is joined again", async () => {
  const { next, react, requests } = opened();
  react("sync", rebalanceInProgress);
  await next();
  expect(requests()).toEqual(["join", "sync", "join", "sync"]);
});

test("who is not known any more joins as a newcomer", async () => {
  const { next, react, joinedAs } = opened();
  react("sync", unknownMemberId);
  await next();
  expect(joinedAs()).toEqual(["", ""]);
});

test("after a rebalance the member stays who it was", async () => {
  const { next, react, joinedAs, clock } = opened();
  react("heartbeat", rebalanceInProgress);
  const before = await next();
  await clock.advance(2_500);
  expect(before.revoked.reason).toMatchObject({ code: "rebalance" });
  const after = await next();
  expect(joinedAs()).toEqual(["", "given-id"]);
  expect(after.revoked.aborted).toBe(false);
});

test("who was displaced by another of its instance id is out for good", async () => {
  const { next, react, membership, requests, clock } = opened();
  react("heartbeat", fencedInstanceId);
  const assignment = await next();
  await clock.advance(2_500);
  expect(assignment.revoked.reason).toMatchObject({ code: "membership-lost" });
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(next()).rejects.toMatchObject({ code: "membership-lost", definite: true });
  }
  await membership.leave();
  expect(requests()).toEqual(["join", "sync", "heartbeat"]);
});

test("who may not join is told so", async () => {
  const { next, react } = opened();
  react("join", groupAuthorizationFailed);
  await expect(next()).rejects.toMatchObject({ code: "unauthorized" });
});

test("leaving ends the assignment and the beats; there is no next one", async () => {
  const { next, membership, asked, clock } = opened();
  const assignment = await next();
  await clock.runUntil(membership.leave(), 1_000);
  expect(assignment.revoked.aborted).toBe(true);
  const member = { memberId: "given-id", groupInstanceId: "slot-0", reason: null };
  expect(asked.at(-1)).toEqual({ request: "leave", args: ["g", [member]] });
  await clock.runUntilIdle(1_000);
  await expect(next()).rejects.toMatchObject({ code: "closed" });
});

test("who never joined has nothing to leave", async () => {
  const { membership, asked } = opened();
  await membership.leave();
  expect(asked).toEqual([]);
});

/** A membership in a scripted group; `next` moves the clock until there is an assignment. */
function opened() {
  const clock = createVirtualClock(0);
  const scripted = scriptedBroker(clock);
  const options = {
    group: "g",
    topics: ["in"],
    groupInstanceId: "slot-0",
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 10_000,
  };
  const { signal } = new AbortController();
  const membership = openMembership(scripted.broker, options, signal);
  const next = () => clock.runUntil(membership.next(signal), 1_000);
  const joinedAs = () =>
    scripted.asked.filter(({ request }) => request === "join").map(({ args }) => args[3]);
  return { ...scripted, clock, membership, next, joinedAs };
}
