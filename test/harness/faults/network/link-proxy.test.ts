import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { systemClock as clock } from "../../../../simulator/clock.ts";
import { echoLink } from "./echo-link.ts";

const both = ["requests", "responses"] as const;

test("without a fault all bytes pass, also when far more are sent than may wait in the proxy", async () => {
  const { open } = await echoLink();
  const client = await open();
  const size = 16 * 1024 * 1024;
  client.socket.write(Buffer.alloc(size, "x"));
  expect((await client.until(size)).length).toBe(size);
});

test("an end passes, and what was under way before it, too", async () => {
  const { open, proxy, reached } = await echoLink();
  const client = await open();
  const disturbance = proxy.begin({ kind: "delay", byMs: 30, jitterMs: 0, ways: both });
  client.socket.end("last words");
  expect(await client.until(10)).toBe("last words");
  expect(await client.ended).toBe("end");
  expect(reached()).toBe("last words");
  await disturbance.end();
});

test("a delay lasts as long as it says, each way, and keeps the order in spite of its jitter", async () => {
  const draws = [0.99, 0, 0.5, 0];
  const { open, proxy } = await echoLink(() => draws.shift() ?? 0.5);
  const client = await open();
  const disturbance = proxy.begin({ kind: "delay", byMs: 40, jitterMs: 30, ways: ["requests"] });
  const beganMs = clock.monotonicMs();
  client.socket.setNoDelay(true);
  for (const word of ["one ", "two ", "three"]) {
    client.socket.write(word);
    await clock.sleep(1);
  }
  expect(await client.until(13)).toBe("one two three");
  expect(clock.monotonicMs() - beganMs).toBeGreaterThanOrEqual(68);
  expect(disturbance.trace()).toMatchObject({ bytes: 13, connections: 1 });
  await disturbance.end();
});

test("a narrow link lets so many bytes a second through, and all at once when it is healed", async () => {
  const { open, proxy } = await echoLink();
  const client = await open();
  const disturbance = proxy.begin({ kind: "narrow", bytesPerSecond: 100_000 });
  const beganMs = clock.monotonicMs();
  client.socket.write(Buffer.alloc(20_000));
  await client.until(20_000);
  expect(clock.monotonicMs() - beganMs).toBeGreaterThanOrEqual(195);
  client.socket.write(Buffer.alloc(1_000_000));
  await disturbance.end();
  await client.until(1_020_000);
  expect(clock.monotonicMs() - beganMs).toBeLessThan(9_000);
  expect(disturbance.trace().bytes).toBeGreaterThanOrEqual(40_000);
});

test("a sliced link passes the same bytes in many pieces", async () => {
  const { open, proxy } = await echoLink();
  const client = await open();
  const disturbance = proxy.begin({ kind: "slice", bytes: 7 });
  const text = "0123456789".repeat(50);
  client.socket.write(text);
  expect(await client.until(500)).toBe(text);
  expect(disturbance.trace().hits).toBeGreaterThanOrEqual(2 * Math.ceil(500 / 7));
  await disturbance.end();
});

test.each([
  ["both ways", both, ""],
  ["of the requests", ["requests"], ""],
  ["of the responses", ["responses"], "lost?"],
] as const)(
  "a cut %s swallows bytes; whoever lost some is reset when it heals, others are not",
  async (_, ways, reaches) => {
    const { open, proxy, reached } = await echoLink();
    const talking = await open();
    const silent = await open();
    const disturbance = proxy.begin({ kind: "cut", ways });
    talking.socket.write("lost?");
    while (disturbance.trace().bytes < 5) await clock.sleep(1);
    expect(reached()).toBe(reaches);
    expect(talking.seen()).toBe("");
    await disturbance.end();
    expect(await talking.ended).toBe("ECONNRESET");
    silent.socket.write("still here");
    expect(await silent.until(10)).toBe("still here");
    expect(disturbance.trace()).toMatchObject({ bytes: 5, connections: 1 });
  },
);

test("a link that refuses breaks what is open, lets nobody in, and takes its port again", async () => {
  const { open, proxy } = await echoLink();
  const client = await open();
  client.socket.write("a");
  await client.until(1);
  const disturbance = proxy.begin({ kind: "refuse" });
  expect(await client.ended).toBe("ECONNRESET");
  const refused = connect(proxy.port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
  await disturbance.end();
  await disturbance.end();
  const again = await open();
  again.socket.write("back");
  expect(await again.until(4)).toBe("back");
  expect(disturbance.trace().hits).toBe(1);
});

test("a reset comes in the middle of a request: the server has seen some of it, not all", async () => {
  const { open, proxy, reached } = await echoLink();
  const client = await open();
  const disturbance = proxy.begin({ kind: "reset", everyMs: 60_000 });
  client.socket.write("0123456789");
  expect(await client.ended).toBe("ECONNRESET");
  while (reached() === "") await clock.sleep(1);
  expect(reached()).toBe("01234");
  expect(disturbance.trace()).toMatchObject({ connections: 1, hits: 1 });
  const later = await open();
  later.socket.write("not armed");
  expect(await later.until(9)).toBe("not armed");
  await disturbance.end();
});

test("of a lost response so many bytes come, then the end; its request has arrived whole", async () => {
  const { open, proxy, reached } = await echoLink();
  const client = await open();
  const disturbance = proxy.begin({ kind: "lose", everyMs: 60_000, bytes: 3 });
  client.socket.write("request");
  expect(await client.ended).toBe("end");
  expect(client.seen()).toBe("req");
  expect(reached()).toBe("request");
  expect(disturbance.trace()).toEqual({ bytes: 4, connections: 1, hits: 1 });
  await disturbance.end();
});

test("every so often the next one is hit, on connections that came later, too", async () => {
  const { open, proxy } = await echoLink();
  const disturbance = proxy.begin({ kind: "lose", everyMs: 20, bytes: 0 });
  for (let round = 1; round <= 3; round++) {
    const client = await open();
    const talk = async (): Promise<void> => {
      while (!client.socket.destroyed) {
        client.socket.write("x");
        await clock.sleep(1);
      }
    };
    await talk();
    expect(disturbance.trace().hits).toBe(round);
  }
  await disturbance.end();
});

test("two faults at one time are refused: they would have one effect", async () => {
  const { proxy } = await echoLink();
  const first = proxy.begin({ kind: "cut", ways: both });
  expect(() => proxy.begin({ kind: "refuse" })).toThrow(/disturbed already: cut/);
  await first.end();
  await proxy.begin({ kind: "refuse" }).end();
});

test("a server that is gone resets its clients, and a closed proxy leaves nobody waiting", async () => {
  const { open, proxy } = await echoLink();
  const client = await open();
  proxy.begin({ kind: "delay", byMs: 60_000, jitterMs: 0, ways: both });
  client.socket.write("never");
  await clock.sleep(5);
  await proxy[Symbol.asyncDispose]();
  expect(await client.ended).toBe("ECONNRESET");
});
