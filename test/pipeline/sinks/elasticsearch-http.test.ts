/** The HTTP adapter against a server that says what the test wants. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { httpElasticsearch } from "../../../pipeline/sinks/elasticsearch/http-api.ts";
import { elasticsearchSettings } from "./sample-jobs.ts";

const never = new AbortController().signal;
const body = Buffer.from('{"delete":{"_index":"i","_id":"1"}}\n');

type Answer = { readonly status: number; readonly body?: object };

/** The API on a server that answers all requests alike, once it has read them whole. */
async function apiOn(answer: (request: IncomingMessage) => Answer) {
  const server = createServer(async (request, response: ServerResponse) => {
    for await (const _ of request);
    const { status, body = {} } = answer(request);
    const headers = { "content-type": "application/json", "x-elastic-product": "Elasticsearch" };
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const credentials = { username: "job", password: "s3cret" };
  const api = httpElasticsearch({
    ...elasticsearchSettings(`http://127.0.0.1:${port}`),
    credentials,
  });
  onTestFinished(async () => {
    await api.close();
    server.closeAllConnections();
    server.close();
  });
  return api;
}

test("items are read whatever their operation is, and an answer without items is empty", async () => {
  const items = [
    { index: { status: 201 } },
    { delete: { status: 404 } },
    { update: { status: 400, error: { type: "t", reason: "r" } } },
  ];
  const api = await apiOn(() => ({ status: 200, body: { items } }));
  const error = { type: "t", reason: "r" };
  expect(await api.bulk(body, never)).toEqual([
    { status: 201 },
    { status: 404 },
    { status: 400, error },
  ]);
  expect(await (await apiOn(() => ({ status: 200 }))).bulk(body, never)).toEqual([]);
});

test("an error has the status and the type, and nothing of the request", async () => {
  const error = { type: "cluster_block_exception", reason: "blocked" };
  const api = await apiOn(() => ({ status: 403, body: { error, status: 403 } }));
  const failure = await api.bulk(body, never).catch((caught: unknown) => caught);
  expect(failure).toMatchObject({ status: 403, type: "cluster_block_exception" });
  expect(failure).toHaveProperty("cause", undefined);
  expect(String(failure)).not.toContain("s3cret");
});

test("credentials go with every request", async () => {
  const seen: (string | undefined)[] = [];
  const api = await apiOn((request) => {
    seen.push(request.headers.authorization);
    return { status: 404 };
  });
  expect(await api.hasPipeline("p", never)).toBe(false);
  expect(await api.readTemplate("t", never)).toBeUndefined();
  const basic = `Basic ${Buffer.from("job:s3cret").toString("base64")}`;
  expect(seen).toEqual([basic, basic]);
});

test("a large bulk that fails costs no more than itself", async () => {
  const api = await apiOn(() => ({ status: 503 }));
  const large = Buffer.alloc(32 * 1024 * 1024, "x");
  const before = process.memoryUsage().heapTotal;
  await expect(api.bulk(large, never)).rejects.toMatchObject({ status: 503 });
  // The client's own way would make an object with a key for each byte: gigabytes.
  expect(process.memoryUsage().heapTotal - before).toBeLessThan(256 * 1024 * 1024);
});

test("a request that is given up has no status", async () => {
  const api = await apiOn(() => ({ status: 200 }));
  const bulk = api.bulk(body, AbortSignal.abort(new Error("enough")));
  await expect(bulk).rejects.toMatchObject({ code: "elasticsearch-api", status: undefined });
});
