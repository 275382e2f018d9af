/** Whatever is asked, the worker answers in Connect's form, and never with 500. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRestApp, type RestApp } from "./rest-app.ts";

const routes = [
  ["POST", "/connectors"],
  ["PUT", "/connectors/:/config"],
  ["PATCH", "/connectors/:/config"],
  ["PATCH", "/connectors/:/offsets"],
  ["DELETE", "/connectors/:/offsets"],
  ["GET", "/connectors/:/status"],
  ["GET", "/connectors/:/tasks/:/status"],
  ["POST", "/connectors/:/tasks/:/restart"],
  ["POST", "/connectors/:/restart?includeTasks=:"],
  ["GET", "/connectors?expand=:"],
  ["GET", "/connectors/:/retirement"],
  ["PUT", "/connectors/:/pause"],
  ["DELETE", "/connectors/:"],
  ["GET", "/connector-plugins/:/config"],
  ["PUT", "/connector-plugins/:/config/validate"],
  ["PUT", "/admin/loggers/:?scope=:"],
  ["GET", "/:"],
] as const;

const names = fc.oneof(
  fc.constantFrom("es", "root", "ElasticSink", "..%2F..%2Fetc", "%00", "%zz", "__proto__", ""),
  fc.string({ unit: "binary" }).map(encodeURIComponentSafely),
  fc.string({ minLength: 200, maxLength: 400 }).map(encodeURIComponentSafely),
);

const likely = fc.record(
  {
    name: fc.oneof(fc.constantFrom("es", "constructor", " "), fc.jsonValue()),
    config: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
    initial_state: fc.jsonValue(),
    level: fc.oneof(fc.constantFrom("INFO", "constructor"), fc.jsonValue()),
    "connector.class": fc.string(),
    offsets: fc.array(fc.oneof(fc.record({ partition: fc.jsonValue(), offset: fc.jsonValue() }))),
  },
  { requiredKeys: [] },
);

const bodies = fc.oneof(
  likely.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  fc.nat(5_000).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`),
  fc.nat(5_000).map((depth) => `${'{"config":'.repeat(depth)}1${"}".repeat(depth)}`),
);

test("no request makes a 500, and every refusal has Connect's form", async () => {
  const rest = createRestApp();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(names, { minLength: 2, maxLength: 2 }),
      fc.option(bodies),
      async ([method, pattern], fill, body) => {
        let at = 0;
        const url = pattern.replace(/:/g, () => fill[at++] ?? "x");
        await requireAnswer(rest, method, url, body);
      },
    ),
    { numRuns: 1_000 },
  );
  expect((await rest.ask("GET", "/health")).status).toBe(200);
  expect((await rest.ask("GET", "/metrics")).status).toBe(200);
});

async function requireAnswer(
  { app }: RestApp,
  method: (typeof routes)[number][0],
  url: string,
  body: string | null,
): Promise<void> {
  const { statusCode, payload } = await app.inject({
    method,
    url,
    ...(body !== null && { payload: body, headers: { "content-type": "application/json" } }),
  });
  expect(statusCode).toBeLessThan(500);
  if (statusCode < 400) return;
  const { error_code, message, ...rest } = JSON.parse(payload);
  expect({ error_code, rest }).toEqual({ error_code: statusCode, rest: {} });
  expect(message).not.toMatch(/\n\s+at |node_modules/);
}

/** A lone surrogate cannot be encoded; a client cannot send one either. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
