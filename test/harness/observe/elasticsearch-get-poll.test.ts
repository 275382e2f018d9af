import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { elasticsearchGetPoll } from "../../../harness/observe/elasticsearch-get-poll.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { until } from "../process/fixture.ts";

const mapping = { device: "d", window: "w", count: "c", sum: "s", digest: "g" };
const shown = { _index: "r-t", _id: "t-1_300000", _source: { d: "t-1", w: 300_000 } };

type Asked = { readonly docs?: readonly { readonly _index: string; readonly _id: string }[] };

/** A search finds `hits` of it; by id it holds `held`. */
async function serve(hits: readonly object[], held: readonly string[]) {
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    response.setHeader("x-elastic-product", "Elasticsearch");
    response.setHeader("content-type", "application/json");
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      const { docs = [] } = JSON.parse(Buffer.concat(body).toString() || "{}") as Asked;
      const got = docs.map(({ _id }) => ({ _id, found: held.includes(_id) }));
      response.end(
        JSON.stringify(request.url?.includes("_mget") ? { docs: got } : { hits: { hits } }),
      );
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const poll = elasticsearchGetPoll({ node, indices: "r-t*", mapping, clock });
  onTestFinished(() => poll.close());
  return poll;
}

const { signal } = new AbortController();
const targets = ["t-1", "t-2", "t-3"].map((device) => ({ device, windowStart: 600_000 }));

test("what the store holds by id is seen, once a search has shown where documents lie", async () => {
  const poll = await serve([shown], ["t-1_600000", "t-3_600000"]);
  await until(poll.isReady, "the first document");
  expect(await poll.seen(targets, signal)).toEqual([targets[0], targets[2]]);
});

test("before that it is not ready, and sees nothing", async () => {
  const poll = await serve([], ["t-1_600000"]);
  expect(await poll.seen(targets, signal)).toEqual([]);
  expect(poll.isReady()).toBe(false);
});
