import { pino } from "pino";
import { expect, test } from "vitest";
import { systemClock } from "../../../../pipeline/clock.ts";
import { startConnectHttp } from "../../../../pipeline/connect/rest/start-connect-http.ts";
import { createLoggers } from "../../../../pipeline/http/loggers.ts";
import { createFakeHerder } from "./fake-herder.ts";

test("a worker's HTTP is up on the loopback until it is closed, the process among its metrics", async () => {
  const log = pino({ level: "silent" }, { write: () => undefined });
  const server = await startConnectHttp({
    listen: "127.0.0.1:0",
    herder: createFakeHerder(),
    validate: () => ({}),
    plugins: [],
    loggers: createLoggers(log, systemClock),
    log,
    clock: systemClock,
    isLive: () => true,
  });
  const create = { name: "es", config: { topics: "t" } };
  const created = await fetch(`${server.url}/connectors`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(create),
  });
  expect(created.status).toBe(201);
  expect(await (await fetch(`${server.url}/connectors/`)).json()).toEqual(["es"]);
  const missing = await fetch(`${server.url}/connectors/a%2F..%2Fb`);
  expect(await missing.json()).toEqual({ error_code: 404, message: "Connector a/../b not found" });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(metrics).toMatch(/^kafka_connect_connect_worker_metrics_task_count 1$/m);
  await server.close();
});
