import type { FastifyInstance } from "fastify";
import { expect, test } from "vitest";
import { systemClock } from "../../../pipeline/clock.ts";
import { createApp } from "../../../pipeline/http/create-app.ts";
import { HttpError } from "../../../pipeline/http/http-error.ts";
import { httpLimits } from "../../../pipeline/http/limits.ts";
import { silent } from "./silent-log.ts";

type Line = { readonly fields: Readonly<Record<string, unknown>>; readonly message: string };

function createTestApp(limits = httpLimits): {
  app: FastifyInstance;
  errors: Line[];
  debugs: Line[];
} {
  const errors: Line[] = [];
  const debugs: Line[] = [];
  const app = createApp({
    log: {
      ...silent,
      error: (fields, message) => errors.push({ fields, message }),
      debug: (fields, message) => debugs.push({ fields, message }),
    },
    clock: systemClock,
    limits,
    explain: (error) => (error instanceof RangeError ? new HttpError(416, "too far") : undefined),
    routes: (routes) => {
      routes.get("/things/:name", async ({ params }) => params);
      routes.put("/things/:name", async ({ body }) => ({ body }));
      routes.post("/fail", async () => {
        throw new TypeError("a secret at /etc/passwd");
      });
      routes.post("/far", async () => {
        throw new RangeError();
      });
      routes.post("/never", () => new Promise<never>(() => undefined));
    },
  });
  return { app, errors, debugs };
}

const json = { "content-type": "application/json" };

async function put(payload: string | Buffer, headers: Record<string, string> = json) {
  const { app } = createTestApp();
  const answer = await app.inject({ method: "PUT", url: "/things/a", payload, headers });
  return { status: answer.statusCode, body: answer.json() };
}

test("JSON is read, whatever parameters its type has", async () => {
  expect(await put('{"a":1}')).toEqual({ status: 200, body: { body: { a: 1 } } });
  const headers = { "content-type": "application/json; charset=utf-8" };
  expect(await put("[2]", headers)).toEqual({ status: 200, body: { body: [2] } });
});

test("of a key that is there twice the last counts, as in Connect", async () => {
  expect((await put('{"a":1,"a":2}')).body).toEqual({ body: { a: 2 } });
});

test.each([
  "{",
  "'a'",
  "{} {}",
  "NaN",
  '{"__proto__":{"a":1}}',
  '{"a":{"constructor":{"prototype":{"a":1}}}}',
  " ",
])("what is no JSON, or means mischief, is 400: %s", async (text) => {
  const { status, body } = await put(text);
  expect(status).toBe(400);
  expect(body).toEqual({ error_code: 400, message: expect.any(String) });
});

test("brackets without end are 400, too", async () => {
  expect((await put("[".repeat(100_000))).status).toBe(400);
});

test.each(["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", ";"])(
  "a body of type %s is 415",
  async (type) => {
    const { status, body } = await put("{}", { "content-type": type });
    expect(status).toBe(415);
    expect(body).toEqual({ error_code: 415, message: expect.any(String) });
  },
);

test("a body beyond the limit is 413, one at the limit is read", async () => {
  const atLimit = `"${"a".repeat(httpLimits.bodyBytes - 2)}"`;
  expect((await put(atLimit)).status).toBe(200);
  expect(await put(`${atLimit} `)).toMatchObject({ status: 413, body: { error_code: 413 } });
});

test("a path that is not there is 404 and named as it was sent, cut short", async () => {
  const { app } = createTestApp();
  const answer = await app.inject({ url: `/no%00%0a/${"x".repeat(5_000)}?secret=1` });
  expect(answer.statusCode).toBe(404);
  const { message } = answer.json<{ message: string }>();
  expect(message).toMatch(/^There is no GET \/no%00%0a\/x+ here\.$/);
  expect(message.length).toBeLessThan(250);
});

test("a method that a path does not have is 405 with those that it has", async () => {
  const { app } = createTestApp();
  for (const method of ["DELETE", "PATCH", "POST", "OPTIONS"] as const) {
    const answer = await app.inject({ method, url: "/things/a" });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers["allow"]).toBe("GET, HEAD, PUT");
    const message = `${method} is not allowed here; there is GET, HEAD, PUT.`;
    expect(answer.json()).toEqual({ error_code: 405, message });
  }
});

test.each([
  ["a%2F..%2Fb", "a/../b"],
  ["x%2e%2e", "x.."],
  ["%252e", "%2e"],
  ["%00", "\0"],
  ["%F0%9F%A6%8A", "🦊"],
])("a name in a path is decoded once: %s", async (sent, name) => {
  const { app } = createTestApp();
  const answer = await app.inject({ url: `/things/${sent}` });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ name });
});

test.each([
  ["%zz", 400],
  ["%ff", 400],
  ["%", 400],
])("a name that is none is refused: %s", async (sent, status) => {
  const { app } = createTestApp();
  const answer = await app.inject({ url: `/things/${sent}` });
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toEqual({ error_code: status, message: expect.any(String) });
});

test("a name may have 255 characters", async () => {
  const { app } = createTestApp();
  const statusOf = async (length: number) =>
    (await app.inject({ url: `/things/${"x".repeat(length)}` })).statusCode;
  expect(await statusOf(255)).toBe(200);
  expect(await statusOf(256)).toBe(414);
  expect(await statusOf(10_000)).toBe(414);
});

test("an unforeseen error is 500 without its message; the log has both and the request's id", async () => {
  const { app, errors } = createTestApp();
  const answer = await app.inject({ method: "POST", url: "/fail" });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toMatch(/secret|passwd|at /);
  const [line] = errors;
  expect(line?.fields).toMatchObject({ err: expect.any(TypeError) });
  expect(answer.json()).toMatchObject({
    message: expect.stringContaining(`${line?.fields["request"]}`),
  });
});

test("an error that is explained is what it is explained as", async () => {
  const answer = await createTestApp().app.inject({ method: "POST", url: "/far" });
  expect(answer.statusCode).toBe(416);
  expect(answer.json()).toEqual({ error_code: 416, message: "too far" });
});

test("an answer that does not come in time is 500, as in Connect", async () => {
  const { app } = createTestApp({ ...httpLimits, answerMs: 20 });
  const answer = await app.inject({ method: "POST", url: "/never" });
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ message: expect.stringMatching(/^Request timed out/) });
});

test("each request is logged at debug, without its query", async () => {
  const { app, debugs } = createTestApp();
  await app.inject({ url: "/things/a?token=secret" });
  await expect.poll(() => debugs).toHaveLength(1);
  expect(debugs[0]?.fields).toMatchObject({ method: "GET", path: "/things/a", status: 200 });
});
