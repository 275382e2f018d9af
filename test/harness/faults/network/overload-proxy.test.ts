import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openOverloadProxy } from "../../../../harness/faults/network/overload-proxy.ts";
import { systemClock as clock } from "../../../../simulator/clock.ts";

/** A store that keeps the ids that it is sent, behind the proxy. */
async function overloadedStore() {
  const ids: string[] = [];
  const store = createServer(async (request, response): Promise<unknown> => {
    const found = [...(await text(request)).matchAll(/"_id":"(\w+)"/g)].map(([, id]) => id ?? "");
    ids.push(...found);
    if (request.url === "/broken") return request.socket.destroy();
    response.setHeader("x-elastic-product", "Elasticsearch");
    const items = found.map((_id) => ({ index: { _id, status: 201 } }));
    return response.end(JSON.stringify({ took: 1, errors: false, items }));
  });
  store.listen(0, "127.0.0.1");
  await once(store, "listening");
  const { port } = store.address() as AddressInfo;
  const proxy = await openOverloadProxy({ host: "127.0.0.1", port }, clock);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    store.close();
    store.closeAllConnections();
  });
  const bulk = async (count: number, path = "/_bulk?filter_path=items") => {
    const body = Array.from({ length: count }, (_, id) => `{"index":{"_id":"${id}"}}\n{"n":1}\n`);
    const address = `http://127.0.0.1:${proxy.port}${path}`;
    const answer = await fetch(address, { method: "POST", body: body.join("") });
    type Answer = { readonly items?: readonly { readonly index: { readonly status: number } }[] };
    const { items = [] } = (await answer.json()) as Answer;
    return { status: answer.status, items: items.map(({ index }) => index.status) };
  };
  return { proxy, ids, bulk };
}

test("of a share of the items the store never hears, and each is answered 429 at its place", async () => {
  const { proxy, ids, bulk } = await overloadedStore();
  const overload = proxy.begin({ kind: "overload", share: 0.5 });
  expect(await bulk(4)).toEqual({ status: 200, items: [201, 429, 201, 429] });
  expect(ids).toEqual(["0", "2"]);
  expect(await bulk(1)).toEqual({ status: 200, items: [201] });
  expect(await bulk(1)).toEqual({ status: 200, items: [429] });
  expect(overload.trace()).toMatchObject({ hits: 3 });
  await overload.end();
  expect(await bulk(2)).toEqual({ status: 200, items: [201, 201] });
});

test("an overload of everything answers whole requests 429, and leaves other requests alone", async () => {
  const { proxy, ids, bulk } = await overloadedStore();
  const overload = proxy.begin({ kind: "overload", share: 1 });
  expect(await bulk(3)).toEqual({ status: 429, items: [] });
  expect(ids).toEqual([]);
  expect(await bulk(2, "/_search")).toEqual({ status: 200, items: [201, 201] });
  expect(overload.trace()).toMatchObject({ connections: 1, hits: 3 });
  await overload.end();
});

test("without an overload bulks pass as they are, and a broken answer is one for the client, too", async () => {
  const { bulk, ids } = await overloadedStore();
  expect(await bulk(2)).toEqual({ status: 200, items: [201, 201] });
  expect(ids).toEqual(["0", "1"]);
  await expect(bulk(1, "/broken")).rejects.toThrow();
});
