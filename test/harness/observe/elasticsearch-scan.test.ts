import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { readElasticsearch } from "../../../harness/observe/elasticsearch-scan.ts";
import { plan } from "../checks/history.ts";
import { keptScan } from "./kept-scan.ts";

const mapping = { device: "d", window: "w", count: "c", sum: "s", digest: "g" };
const shards = (total: number) => ({ total, successful: total, failed: 0 });

/** Says that its index has `made` shards, and searches `searched` of them, which hold nothing. */
async function serve({ made, searched }: { made: number; searched: number }): Promise<string> {
  const answers: Readonly<Record<string, object>> = {
    _refresh: { _shards: shards(made) },
    _settings: { "r-t-1": { settings: { "index.number_of_shards": `${made}` } } },
    _pit: { id: "p", _shards: shards(searched), num_freed: 1, succeeded: true },
    _search: {
      took: 1,
      timed_out: false,
      _shards: shards(searched),
      hits: { total: { value: 0, relation: "eq" }, hits: [] },
    },
  };
  const server = createServer((request, response) => {
    const name = /_[a-z]+/.exec(request.url ?? "")?.[0] ?? "";
    response.setHeader("x-elastic-product", "Elasticsearch");
    response.setHeader("content-type", "application/json");
    request.resume().on("end", () => response.end(JSON.stringify(answers[name] ?? {})));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function scan(node: string) {
  const { signal } = new AbortController();
  const asked = { node, indices: "r-t-*", signal };
  return keptScan({ store: "elasticsearch", mapping, plan }, (taker) =>
    readElasticsearch(asked, taker),
  );
}

test("a search of fewer shards than there are is no scan, though each of them answered", async () => {
  const node = await serve({ made: 3, searched: 2 });
  await expect(scan(node)).rejects.toMatchObject({
    code: "partial",
    message: "Elasticsearch searched 2 of the 3 shards that there are.",
  });
});

test("a search of every shard is one, and so is one that met a further index", async () => {
  expect(await scan(await serve({ made: 3, searched: 3 }))).toMatchObject({ count: 0 });
  expect(await scan(await serve({ made: 3, searched: 4 }))).toMatchObject({ count: 0 });
});
