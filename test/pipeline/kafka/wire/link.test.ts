import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../../pipeline/clock.ts";
import { type Link, openLink } from "../../../../pipeline/kafka/wire/link.ts";
import { answer, echo, serveFrames } from "./frame-server.ts";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

describe.each([
  ["the library's connection", false],
  ["the lean connection", true],
] as const)("a link over %s", (_name, lean) => {
  test("calls that are made at once share one connection, and each has its answer", async () => {
    const server = await serve(answer);
    const link = linkTo(lean, server.port);
    expect(await Promise.all([1, 2, 3].map((value) => link.call(echo, [value])))).toEqual([
      1, 2, 3,
    ]);
    expect(server.connections()).toBe(1);
  });

  test("a connection that breaks in flight leaves the outcome unknown; the next call opens another", async () => {
    let calls = 0;
    const server = await serve((socket, frame) => {
      calls += 1;
      if (calls === 1) socket.destroy();
      else answer(socket, frame);
    });
    const link = linkTo(lean, server.port);
    const broken = { code: "disconnected", definite: false };
    await expect(link.call(echo, [1])).rejects.toMatchObject(broken);
    expect(await link.call(echo, [2])).toBe(2);
    expect([calls, server.connections()]).toEqual([2, 2]);
  });

  test("an answer that does not come in time leaves the outcome unknown", async () => {
    const server = await serve(() => undefined);
    const link = linkTo(lean, server.port, { requestTimeoutMs: 50 });
    const late = { code: "disconnected", definite: false };
    await expect(link.call(echo, [1])).rejects.toMatchObject(late);
  });

  test("nobody there: surely nothing was done", async () => {
    const server = await serve(answer);
    await server.close();
    const link = linkTo(lean, server.port, { connectForMs: 50 });
    const nobody = { code: "unreachable", definite: true };
    await expect(link.call(echo, [1])).rejects.toMatchObject(nobody);
  });

  test("the second address is tried when the first does not answer", async () => {
    const dead = await serve(answer);
    await dead.close();
    const server = await serve(answer);
    const link = linkTo(lean, dead.port, {}, server.port);
    expect(await link.call(echo, [7])).toBe(7);
  });

  test("an abort ends a call at once with its reason, and the link goes on", async () => {
    const server = await serve((socket, frame) => {
      if (frame.readInt32BE(frame.length - 4) === 2) answer(socket, frame);
    });
    const link = linkTo(lean, server.port);
    const stop = new AbortController();
    const asked = link.call(echo, [1], stop.signal);
    await server.asked();
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(await link.call(echo, [2])).toBe(2);
  });

  test("what the parser finds impossible is its own error, and not a broken connection", async () => {
    const link = linkTo(lean, (await serve(answer)).port);
    await expect(link.call(echo, [-1])).rejects.toMatchObject({ code: "corrupt" });
    expect(await link.call(echo, [1])).toBe(1);
  });

  test("closing says so: to calls in flight without a verdict, to later ones for sure", async () => {
    const server = await serve(() => undefined);
    const link = linkTo(lean, server.port);
    const asked = link.call(echo, [1]);
    const judged = expect(asked).rejects.toMatchObject({ code: "closed", definite: false });
    await server.asked();
    await link.close();
    await judged;
    const later = { code: "closed", definite: true };
    await expect(link.call(echo, [2])).rejects.toMatchObject(later);
  });
});

type LinkVariant = { readonly requestTimeoutMs?: number; readonly connectForMs?: number };

function linkTo(
  lean: boolean,
  port: number,
  variant: LinkVariant = {},
  ...others: readonly number[]
): Link {
  const addresses = [port, ...others].map((each) => ({ host: "127.0.0.1", port: each }));
  const limits = { requestTimeoutMs: 5_000, connectForMs: 5_000, lean, ...variant };
  const link = openLink({ addresses, clientId: "test", clock: systemClock, ...limits });
  opened.push(link);
  return link;
}

async function serve(onFrame: Parameters<typeof serveFrames>[0]) {
  const server = await serveFrames(onFrame);
  opened.push(server);
  return server;
}
