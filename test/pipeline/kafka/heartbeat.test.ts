import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import type { Coordinator, Question } from "../../../pipeline/kafka/coordinator.ts";
import { heartbeatEveryMs, startHeartbeat } from "../../../pipeline/kafka/heartbeat.ts";
import { KafkaError } from "../../../pipeline/kafka/port.ts";

const rebalanceInProgress = 27;
const unknownMemberId = 25;

test("beats come twice a second, and as long as they are answered nothing happens", async () => {
  const { clock, heartbeat, beatsAtMs } = start(() => 0);
  await clock.advance(30_000);
  expect(beatsAtMs.slice(0, 3)).toEqual([500, 1_000, 1_500]);
  expect(heartbeat.revoked.aborted).toBe(false);
  expect(await heartbeat.stop()).toBe(0);
});

test("in a short session two beats may get lost", () => {
  expect(heartbeatEveryMs(900)).toBe(300);
});

test("a rebalance is told, and the beats go on while the work is finished", async () => {
  const { clock, heartbeat, beatsAtMs } = start(() => rebalanceInProgress);
  await clock.advance(10_000);
  expect(heartbeat.revoked.reason).toMatchObject({ code: "rebalance" });
  expect(beatsAtMs.length).toBe(20);
  await heartbeat.stop();
});

test("a member that the group does not know any more has lost its partitions", async () => {
  const { clock, heartbeat, beatsAtMs } = start(() => unknownMemberId);
  await clock.advance(10_000);
  expect(heartbeat.revoked.reason).toMatchObject({ code: "membership-lost" });
  expect(beatsAtMs.length).toBe(1);
  expect(await heartbeat.stop()).toBe(unknownMemberId);
});

test("a session that no beat could renew is over by the local clock", async () => {
  const { clock, heartbeat } = start(() => new Promise(() => undefined));
  await clock.advance(5_999);
  expect(heartbeat.revoked.aborted).toBe(false);
  await clock.advance(2);
  expect(heartbeat.revoked.reason).toMatchObject({ code: "membership-lost" });
});

test("a beat that was answered late renews the session from when it was sent", async () => {
  let asked = 0;
  const { clock, heartbeat } = start(() => {
    asked += 1;
    return asked === 1 ? clock.sleep(3_000).then(() => 0) : new Promise(() => undefined);
  });
  await clock.advance(6_400);
  expect(heartbeat.revoked.aborted).toBe(false);
  await clock.advance(200);
  expect(heartbeat.revoked.reason).toMatchObject({ code: "membership-lost" });
});

test("the end of an assignment revokes it for whoever still holds it", async () => {
  const { heartbeat } = start(() => 0);
  await heartbeat.stop();
  expect(heartbeat.revoked.reason).toBeInstanceOf(KafkaError);
});

test("the end of the client ends the beats", async () => {
  const { clock, heartbeat, beatsAtMs, closed } = start(() => 0);
  closed.abort();
  await clock.advance(10_000);
  expect(beatsAtMs).toEqual([]);
  expect(heartbeat.revoked.aborted).toBe(true);
});

/** A heartbeat of a session of 6 s, with the coordinator's answers by error code. */
function start(answer: () => number | Promise<number>) {
  const clock = createVirtualClock(0);
  const beatsAtMs: number[] = [];
  const closed = new AbortController();
  const coordinator = (async ({ signal }: Question<unknown[], unknown>) => {
    beatsAtMs.push(clock.monotonicMs());
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    return { throttleTimeMs: 0, errorCode: await Promise.race([answer(), aborted]) };
  }) as Coordinator;
  const heartbeat = startHeartbeat(coordinator, clock, {
    group: "g",
    generation: 1,
    memberId: "m",
    groupInstanceId: undefined,
    sessionTimeoutMs: 6_000,
    closed: closed.signal,
  });
  return { clock, heartbeat, beatsAtMs, closed };
}
