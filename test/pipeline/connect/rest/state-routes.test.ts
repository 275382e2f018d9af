import { expect, test } from "vitest";
import { HerderError, type HerderErrorCode } from "../../../../pipeline/connect/worker/herder.ts";
import { SinkError } from "../../../../pipeline/sinks/sink.ts";
import { createRestApp, type RestApp } from "./rest-app.ts";

async function withJob(): Promise<RestApp> {
  const rest = createRestApp();
  await rest.ask("POST", "/connectors", { name: "es", config: { topics: "t" } });
  return rest;
}

test.each([
  ["pause", 202, "PAUSED"],
  ["resume", 202, "RUNNING"],
  ["stop", 204, "STOPPED"],
])("%s answers %i and the connector is %s", async (verb, status, state) => {
  const { ask } = await withJob();
  const answer = await ask("PUT", `/connectors/es/${verb}`);
  expect(answer).toMatchObject({ status, body: "" });
  const { body } = await ask("GET", "/connectors/es/status");
  expect(body).toMatchObject({ name: "es", type: "sink", connector: { state, worker_id: "w-0" } });
});

test("an empty body that calls itself JSON is no body", async () => {
  const { app } = await withJob();
  const headers = { "content-type": "application/json" };
  const answer = await app.inject({ method: "PUT", url: "/connectors/es/pause", headers });
  expect(answer.statusCode).toBe(202);
});

test("tasks are shown with the config that they run by, and one by one with their state", async () => {
  const { ask } = await withJob();
  expect((await ask("GET", "/connectors/es/tasks")).body).toEqual([
    { id: { connector: "es", task: 0 }, config: { name: "es", topics: "t" } },
  ]);
  expect(await ask("GET", "/connectors/es/tasks/0/status")).toMatchObject({
    status: 200,
    body: { id: 0, state: "RUNNING", worker_id: "w-0" },
  });
  for (const task of ["1", "x", "00", "-0", "1e0"]) {
    expect((await ask("GET", `/connectors/es/tasks/${task}/status`)).status).toBe(404);
  }
});

test.each([
  ["", 204],
  ["?includeTasks=false&onlyFailed=false", 204],
  ["?includeTasks=true", 202],
  ["?onlyFailed=true", 202],
  ["?includeTasks=true&onlyFailed=true", 202],
  ["?includeTasks=yes", 400],
  ["?includeTasks=true&includeTasks=true", 400],
])("restart%s answers %i", async (query, status) => {
  const { ask } = await withJob();
  const answer = await ask("POST", `/connectors/es/restart${query}`);
  expect(answer.status).toBe(status);
  if (status === 202) {
    expect(answer.body).toMatchObject({ name: "es", tasks: [{ id: 0, state: "RESTARTING" }] });
  }
});

test("a task is restarted: 204; one that is not there: 404", async () => {
  const { ask } = await withJob();
  expect((await ask("POST", "/connectors/es/tasks/0/restart")).status).toBe(204);
  expect((await ask("POST", "/connectors/es/tasks/7/restart")).status).toBe(404);
  expect((await ask("POST", "/connectors/es/tasks/0x0/restart")).status).toBe(404);
  expect((await ask("POST", "/connectors/es/tasks/99999999999/restart")).status).toBe(404);
});

test.each([
  ["not-found", 404],
  ["exists", 409],
  ["invalid", 400],
  ["wrong-state", 400],
  ["not-ready", 409],
  ["unavailable", 503],
] satisfies [HerderErrorCode, number][])("the herder's %s is HTTP %i", async (code, status) => {
  const { ask, herder } = await withJob();
  herder.failNext(new HerderError(code, "so it is"));
  const answer = await ask("PUT", "/connectors/es/stop");
  expect(answer).toMatchObject({ status, body: { error_code: status, message: "so it is" } });
});

test.each([
  ["unavailable", 503],
  ["refused", 502],
] as const)("a store that is %s is HTTP %i", async (code, status) => {
  const { ask, herder } = await withJob();
  herder.failNext(new SinkError(code, "so it is"));
  const answer = await ask("GET", "/connectors/es/retirement");
  expect(answer).toMatchObject({ status, body: { error_code: status, message: "so it is" } });
});

test("an error that nobody foresaw is 500 and keeps its message to itself", async () => {
  const { ask, herder } = await withJob();
  herder.failNext(new Error("secret at /home/operator"));
  const { status, body } = await ask("PUT", "/connectors/es/stop");
  expect(status).toBe(500);
  expect(body).toEqual({ error_code: 500, message: expect.stringMatching(/its log says why/) });
});

test("before the worker has read its topics it answers 503 for the cluster, and for itself", async () => {
  const { ask, herder } = await withJob();
  herder.setReady(false);
  for (const url of ["/connectors", "/connectors/es/status", "/connectors/es/offsets"]) {
    expect(await ask("GET", url)).toMatchObject({ status: 503, body: { error_code: 503 } });
  }
  expect((await ask("GET", "/connector-plugins")).status).toBe(200);
  expect((await ask("GET", "/metrics")).status).toBe(200);
  expect(await ask("GET", "/health")).toMatchObject({
    status: 503,
    body: { status: "starting", message: "Worker is still starting up." },
  });
});

test("health is 200, and 500 once the worker's own loops have ended", async () => {
  const { ask, setLive } = createRestApp();
  expect(await ask("GET", "/health")).toMatchObject({ status: 200, body: { status: "healthy" } });
  setLive(false);
  expect(await ask("GET", "/health")).toMatchObject({ status: 500, body: { status: "unhealthy" } });
  expect((await ask("GET", "/ready")).status).toBe(503);
});

test.each([
  ["RUNNING", 200],
  ["PAUSED", 200],
  ["FAILED", 200],
  ["UNASSIGNED", 503],
  ["RESTARTING", 503],
] as const)("with a task that is %s, ready answers %i", async (state, status) => {
  const { ask, herder } = await withJob();
  herder.setTaskState("es", state);
  expect(await ask("GET", "/ready")).toMatchObject({ status, body: { ready: status === 200 } });
});
