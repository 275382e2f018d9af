import fc from "fast-check";
import { expect, test } from "vitest";
import { readOffsets, writeOffsets } from "../../../../pipeline/connect/rest/offset-body.ts";
import { createRestApp, type RestApp } from "./rest-app.ts";

async function withStoppedJob(): Promise<RestApp> {
  const rest = createRestApp();
  await rest.ask("POST", "/connectors", { name: "es", config: {}, initial_state: "STOPPED" });
  return rest;
}

function at(offset: unknown, partition: unknown = 0, topic: unknown = "t"): object {
  return { partition: { kafka_topic: topic, kafka_partition: partition }, offset };
}

test("a replay: stop, alter or reset, resume", async () => {
  const { ask } = await withStoppedJob();
  const offsets = [at({ kafka_offset: 5 }), at({ kafka_offset: "7" }, "1"), at(null, 2)];
  expect(await ask("PATCH", "/connectors/es/offsets", { offsets })).toMatchObject({
    status: 200,
    body: { message: "The offsets for this connector have been altered successfully" },
  });
  expect((await ask("GET", "/connectors/es/offsets")).body).toEqual({
    offsets: [at({ kafka_offset: 5 }), at({ kafka_offset: 7 }, 1), at(null, 2)],
  });
  expect(await ask("DELETE", "/connectors/es/offsets")).toMatchObject({
    status: 200,
    body: { message: "The offsets for this connector have been reset successfully" },
  });
  expect((await ask("GET", "/connectors/es/offsets")).body).toEqual({ offsets: [] });
  expect((await ask("PUT", "/connectors/es/resume")).status).toBe(202);
});

test("offsets of a job that is not stopped are not modified", async () => {
  const { ask } = await withStoppedJob();
  await ask("PUT", "/connectors/es/resume");
  const refused = { status: 400, body: { message: expect.stringMatching(/^Connectors must be/) } };
  expect(await ask("DELETE", "/connectors/es/offsets")).toMatchObject(refused);
  const offsets = [at(null)];
  expect(await ask("PATCH", "/connectors/es/offsets", { offsets })).toMatchObject(refused);
});

test.each([
  [undefined, /need to be provided/],
  [[], /need to be provided/],
  [{ offsets: [] }, /need to be provided/],
  [{ offsets: {} }, /need to be provided/],
  [{ offsets: [null] }, /partition .* cannot be null or missing/],
  [{ offsets: [{ partition: {}, offset: null }] }, /'kafka_topic' and 'kafka_partition'/],
  [{ offsets: [at(null, 0, 5)] }, /'kafka_topic' and 'kafka_partition'/],
  [{ offsets: [at(undefined)] }, /either be null or contain the key 'kafka_offset'/],
  [{ offsets: [at({})] }, /either be null or contain the key 'kafka_offset'/],
  [{ offsets: [at(5)] }, /either be null or contain the key 'kafka_offset'/],
  [{ offsets: [at({ kafka_offset: -1 })] }, /Kafka offset value .* -1/],
  [{ offsets: [at({ kafka_offset: 1.5 })] }, /Kafka offset value/],
  [{ offsets: [at({ kafka_offset: null })] }, /Kafka offset value/],
  [{ offsets: [at({ kafka_offset: "9007199254740993" })] }, /Kafka offset value/],
  [{ offsets: [at({ kafka_offset: " 5" })] }, /Kafka offset value/],
  [{ offsets: [at(null, 2 ** 31)] }, /Kafka partition value/],
  [{ offsets: [at(null, "x")] }, /Kafka partition value/],
  [{ offsets: [at(null), at({ kafka_offset: 5 }, "0")] }, /t, partition 0, is given twice/],
])("offsets that are none are refused with why: %j", async (body, message) => {
  const { ask } = await withStoppedJob();
  const answer = await ask("PATCH", "/connectors/es/offsets", body);
  expect(answer).toMatchObject({
    status: 400,
    body: { error_code: 400, message: expect.stringMatching(message) },
  });
});

test("what is shown can be sent back, whatever the topic is called", () => {
  const offset = fc.record({
    topic: fc.string(),
    partition: fc.nat(),
    offset: fc.option(fc.maxSafeNat(), { nil: null }),
  });
  const key = ({ topic, partition }: { topic: string; partition: number }) =>
    JSON.stringify([topic, partition]);
  const offsets = fc.uniqueArray(offset, { minLength: 1, selector: key });
  fc.assert(
    fc.property(offsets, (all) => {
      const body: unknown = JSON.parse(JSON.stringify(writeOffsets(all)));
      expect(readOffsets(body)).toEqual(all);
    }),
  );
});
