import { expect, test } from "vitest";
import { createRestApp, elastic } from "./rest-app.ts";

test("topics are shown under the job's name, and forgotten when asked", async () => {
  const { ask } = createRestApp();
  await ask("POST", "/connectors", { name: "es", config: {} });
  expect((await ask("GET", "/connectors/es/topics")).body).toEqual({ es: { topics: ["t"] } });
  expect((await ask("PUT", "/connectors/es/topics/reset")).status).toBe(202);
  expect((await ask("GET", "/connectors/es/topics")).body).toEqual({ es: { topics: [] } });
});

test("the dry run of retirement lists the indices that are due", async () => {
  const { ask } = createRestApp();
  await ask("POST", "/connectors", { name: "es", config: {} });
  expect((await ask("GET", "/connectors/es/retirement")).body).toEqual({
    connector: "es",
    due: [{ index: "i-2026.01.01", day_ended_at: "2026-01-02T00:00:00.000Z", state: "open" }],
  });
});

test("plugins are listed with class, type and version", async () => {
  const { body } = await createRestApp().ask("GET", "/connector-plugins");
  expect(body).toEqual([{ class: elastic, type: "sink", version: expect.any(String) }]);
});

const names = [elastic, "ElasticSinkConnector", "ElasticSink", elastic.replace(/Connector$/, "")];

test.each(names)("a plugin is found by %s", async (name) => {
  const { ask } = createRestApp();
  expect(await ask("GET", `/connector-plugins/${name}/config`)).toMatchObject({
    status: 200,
    body: [{ name: "topics" }],
  });
  for (const included of [...names, undefined]) {
    const url = `/connector-plugins/${name}/config/validate`;
    const config = included === undefined ? {} : { "connector.class": included, a: null };
    const { status, body } = await ask("PUT", url, config);
    expect(status).toBe(200);
    expect(body).toMatchObject({ error_count: 0, configs: [] });
  }
});

test("a plugin that is not here is 404, a config of another class 400", async () => {
  const { ask } = createRestApp();
  for (const name of ["CassandraSinkConnector", "Sink", "SinkConnector", "Connector", "."]) {
    expect((await ask("GET", `/connector-plugins/${name}/config`)).status).toBe(404);
  }
  const url = "/connector-plugins/ElasticSinkConnector/config/validate";
  const { status, body } = await ask("PUT", url, { "connector.class": "a.b.CassandraSink" });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    message:
      "Included connector type a.b.CassandraSink does not match request type ElasticSinkConnector",
  });
});

test("levels of loggers are shown and set in log4j's words", async () => {
  const { ask } = createRestApp();
  expect((await ask("GET", "/admin/loggers")).body).toEqual({
    root: { level: "OFF", last_modified: null },
  });
  expect(await ask("PUT", "/admin/loggers/root?scope=worker", { level: "debug" })).toMatchObject({
    status: 200,
    body: ["root"],
  });
  expect((await ask("GET", "/admin/loggers/root")).body).toEqual({
    level: "DEBUG",
    last_modified: 0,
  });
});

test.each([
  ["root", {}, 400, "Desired 'level' parameter was not specified in request."],
  ["root", { level: 5 }, 400, "Desired 'level' parameter was not specified in request."],
  ["root", { level: "LOUD" }, 404, "invalid log level 'LOUD'."],
  ["root", { level: "toString" }, 404, "invalid log level 'toString'."],
  ["a.b", { level: "INFO" }, 404, "Logger a.b not found."],
  ["root?scope=cluster", { level: "INFO" }, 400, "Only scope=worker is offered"],
])("PUT /admin/loggers/%s of %j is %i", async (logger, level, status, message) => {
  const answer = await createRestApp().ask("PUT", `/admin/loggers/${logger}`, level);
  expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
});
