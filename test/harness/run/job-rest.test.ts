import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createJobRest } from "../../../harness/run/job-rest.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";

type Answer = readonly [status: number, body?: unknown];

/** A worker that answers as it is told, and remembers what it was asked. */
async function worker(answer: (asked: string, nth: number) => Answer) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const what = `${request.method} ${request.url}${body === "" ? "" : ` ${body}`}`;
    const nth = asked.filter((each) => each === what).length;
    asked.push(what);
    const [status, value] = answer(what, nth);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(value === undefined ? "" : JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function open(...urls: readonly string[]) {
  const { signal } = new AbortController();
  return createJobRest({ workers: () => urls, clock, signal });
}

const status = (state: string, ...tasks: readonly string[]) => ({
  name: "r-job",
  connector: { state, worker_id: "w" },
  tasks: tasks.map((one, id) => ({ id, state: one, worker_id: "w" })),
  type: "sink",
});

test("a stop is over when the job is STOPPED and no task is left", async () => {
  const states = [status("RUNNING", "RUNNING"), status("STOPPED", "RUNNING"), status("STOPPED")];
  const { asked, url } = await worker((what, nth) =>
    what.startsWith("PUT") ? [204] : [200, states[nth]],
  );
  await open(url).stop("r-job");
  expect(asked[0]).toBe("PUT /connectors/r-job/stop");
  expect(asked.slice(1)).toEqual(Array(3).fill("GET /connectors/r-job/status"));
});

test("a resume is over when a task runs", async () => {
  const states = [status("RUNNING"), status("RUNNING", "UNASSIGNED", "RUNNING")];
  const { asked, url } = await worker((what, nth) =>
    what.startsWith("PUT") ? [202] : [200, states[nth]],
  );
  await open(url).resume("r-job");
  expect(asked).toHaveLength(3);
});

test("offsets are asked for again while the group still has a member, and moved in Connect's shape", async () => {
  const refusal = { error_code: 400, message: "the group has a member" };
  const { asked, url } = await worker((_, nth) => (nth === 0 ? [400, refusal] : [200, {}]));
  const rest = open(url);
  await rest.resetOffsets("r-job");
  await rest.moveOffset("r-job", { topic: "t", partition: 3, offset: 42 });
  expect(asked).toEqual([
    ...Array(2).fill("DELETE /connectors/r-job/offsets"),
    ...Array(2).fill(
      'PATCH /connectors/r-job/offsets {"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":3},"offset":{"kafka_offset":42}}]}',
    ),
  ]);
});

test("a rebalance is waited out, a refusal for good is told with its reason", async () => {
  const busy = { error_code: 409, message: "rebalancing" };
  const { url } = await worker((_, nth) =>
    nth === 0 ? [409, busy] : [404, { message: "no job" }],
  );
  await expect(open(url).restart("r-job")).rejects.toThrow(
    'POST /connectors/r-job/restart?includeTasks=true&onlyFailed=false was refused: 404 {"message":"no job"}',
  );
});

test("a worker that is gone is passed over, and none at all is an error of its own", async () => {
  const { url } = await worker(() => [200, { "r-job": { status: status("RUNNING", "FAILED") } }]);
  const [job] = await open("http://127.0.0.1:9", url).all();
  expect(job).toMatchObject({ name: "r-job", tasks: [{ id: 0, state: "FAILED", trace: "" }] });
  await expect(open().all()).rejects.toMatchObject({ code: "no-worker" });
  await expect(open("http://127.0.0.1:9").all()).rejects.toMatchObject({ code: "unreachable" });
});

test("an answer that is none of Connect's is refused, not believed", async () => {
  const { url } = await worker(() => [200, { tasks: "many" }]);
  await expect(open(url).status("r-job")).rejects.toMatchObject({ code: "refused" });
});
