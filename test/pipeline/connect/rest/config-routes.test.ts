import { expect, test } from "vitest";
import { createRestApp, elastic, type RestApp } from "./rest-app.ts";

const config = { "connector.class": elastic, topics: "t", "tasks.max": "2" };

async function withJob(name = "es"): Promise<RestApp> {
  const rest = createRestApp();
  await rest.ask("POST", "/connectors", { name, config });
  return rest;
}

test("the root tells the version and Kafka's cluster", async () => {
  const { status, body } = await createRestApp().ask("GET", "/");
  expect(status).toBe(200);
  expect(body).toEqual({
    version: expect.stringMatching(/^\d+\./),
    commit: "unknown",
    kafka_cluster_id: "cluster-1",
  });
});

test("a job is created with 201, its place, and its name within its config", async () => {
  const { ask } = createRestApp();
  const { status, body, headers } = await ask("POST", "/connectors", { name: " es ", config });
  expect(status).toBe(201);
  expect(headers["location"]).toBe("/connectors/es");
  const info = {
    name: "es",
    config: { name: "es", ...config },
    tasks: [{ connector: "es", task: 0 }],
    type: "sink",
  };
  expect(body).toEqual(info);
  expect((await ask("GET", "/connectors/es")).body).toEqual(info);
  expect((await ask("GET", "/connectors/es/config")).body).toEqual(info.config);
  expect((await ask("GET", "/connectors")).body).toEqual(["es"]);
});

test("a job that exists is not created again: 409", async () => {
  const { ask } = await withJob();
  const { status, body } = await ask("POST", "/connectors", { name: "es", config });
  expect(status).toBe(409);
  expect(body).toEqual({ error_code: 409, message: "Connector es already exists" });
});

test("a job can be created paused or stopped", async () => {
  const { ask } = createRestApp();
  await ask("POST", "/connectors", { name: "es", config, initial_state: "stopped" });
  const { body } = await ask("GET", "/connectors/es/status");
  expect(body).toMatchObject({ connector: { state: "STOPPED" }, tasks: [] });
});

test.each([
  [{ name: "es", config, initial_state: "RESTING" }, /initial_state/],
  [{ name: "es", config, initial_state: 7 }, /initial_state/],
  [{ name: "", config }, /name/],
  [{ config }, /name/],
  [{ name: "es" }, /config must be a JSON object/],
  [{ name: "es", config: ["a"] }, /config must be a JSON object/],
  [{ name: "es", config: { a: {}, b: [1], c: null } }, /'a' must.*'b' must.*'c' is null/],
  [{ name: "es", config: { a: 2 ** 60 } }, /'a' is too large/],
  [{ name: "es", config: { ...config, name: "other" } }, /\(other\) doesn't match .* URL \(es\)/],
  [{ name: "es", config, colour: "red" }, /Unrecognized field 'colour'/],
  ["es", /body must be a JSON object/],
  [[1], /body must be a JSON object/],
  [undefined, /body must be a JSON object/],
])("a creation that is not one is refused with why: %j", async (body, message) => {
  const { ask } = createRestApp();
  const answer = await ask("POST", "/connectors", body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ error_code: 400, message: expect.stringMatching(message) });
});

test("faults beyond ten are counted, not listed", async () => {
  const many = Object.fromEntries(Array.from({ length: 14 }, (_, n) => [`k${n}`, []]));
  const { body } = await createRestApp().ask("PUT", "/connectors/es/config", many);
  expect(body).toMatchObject({
    message: expect.stringMatching(/'k9' must be a string; and 4 more/),
  });
});

test("a config that the herder refuses is 400 with its faults", async () => {
  const { ask } = createRestApp();
  const { status, body } = await ask("PUT", "/connectors/es/config", { x: "1" });
  expect(status).toBe(400);
  expect(body).toMatchObject({ message: expect.stringContaining("x: no such key") });
});

test("PUT config creates with 201 and changes with 200", async () => {
  const { ask } = createRestApp();
  const first = await ask("PUT", "/connectors/es/config", config);
  expect(first.status).toBe(201);
  expect(first.headers["location"]).toBe("/connectors/es");
  const second = await ask("PUT", "/connectors/es/config", {
    ...config,
    name: "es",
    "tasks.max": 3,
  });
  expect(second.status).toBe(200);
  expect(second.body).toMatchObject({ config: { name: "es", "tasks.max": "3" } });
});

test("numbers and booleans become strings", async () => {
  const { ask } = createRestApp();
  await ask("PUT", "/connectors/es/config", { a: 3, b: true, c: 0.5, d: "s" });
  const { body } = await ask("GET", "/connectors/es/config");
  expect(body).toEqual({ name: "es", a: "3", b: "true", c: "0.5", d: "s" });
});

test("PATCH config changes some keys, and null takes one away", async () => {
  const { ask } = await withJob();
  const { status, body } = await ask("PATCH", "/connectors/es/config", {
    "tasks.max": null,
    topics: "u",
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ config: { name: "es", "connector.class": elastic, topics: "u" } });
  expect(body).not.toHaveProperty(["config", "tasks.max"]);
  expect((await ask("PATCH", "/connectors/es/config", {})).status).toBe(400);
  expect((await ask("PATCH", "/connectors/es/config", { name: "b" })).status).toBe(400);
  expect((await ask("PATCH", "/connectors/no/config", { a: "b" })).status).toBe(404);
});

test("a secret that is referred to is shown as it was given", async () => {
  const { ask } = createRestApp();
  const secret = `$${"{env:PASSWORD}"}`;
  await ask("PUT", "/connectors/es/config", { password: secret });
  expect((await ask("GET", "/connectors/es/config")).body).toMatchObject({ password: secret });
});

test("connectors are listed with what is asked for, once, twice or in vain", async () => {
  const { ask } = await withJob();
  const status = { status: expect.objectContaining({ name: "es", type: "sink" }) };
  const info = { info: expect.objectContaining({ config: { name: "es", ...config } }) };
  const bodyOf = async (query: string) => (await ask("GET", `/connectors?${query}`)).body;
  expect(await bodyOf("expand=status")).toEqual({ es: status });
  expect(await bodyOf("expand=info")).toEqual({ es: info });
  expect(await bodyOf("expand=status&expand=info")).toEqual({ es: { ...status, ...info } });
  expect(await bodyOf("expand=colour")).toEqual({ es: {} });
});

test("a deleted job is gone: 204, then 404 for all that takes its name", async () => {
  const { ask } = await withJob();
  expect((await ask("DELETE", "/connectors/es")).status).toBe(204);
  const notFound = { error_code: 404, message: "Connector es not found" };
  const answers = await Promise.all([
    ask("GET", "/connectors/es"),
    ask("GET", "/connectors/es/config"),
    ask("GET", "/connectors/es/status"),
    ask("GET", "/connectors/es/tasks"),
    ask("GET", "/connectors/es/tasks/0/status"),
    ask("GET", "/connectors/es/offsets"),
    ask("GET", "/connectors/es/topics"),
    ask("GET", "/connectors/es/retirement"),
    ask("PUT", "/connectors/es/pause"),
    ask("PUT", "/connectors/es/resume"),
    ask("PUT", "/connectors/es/stop"),
    ask("PUT", "/connectors/es/topics/reset"),
    ask("POST", "/connectors/es/restart"),
    ask("POST", "/connectors/es/tasks/0/restart"),
    ask("DELETE", "/connectors/es"),
    ask("DELETE", "/connectors/es/offsets"),
  ]);
  for (const { status, body } of answers)
    expect({ status, body }).toEqual({ status: 404, body: notFound });
});
