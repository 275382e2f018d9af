/** Keys and faults in the shapes that Kafka Connect's REST has for them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  describeConfig,
  validateConnect,
} from "../../../../pipeline/connect/config/describe-config.ts";

const context = { variables: {} };

const minimal = {
  name: "job",
  "connector.class": "fleetproof.ElasticsearchSink",
  topics: "t",
  "connect.elastic.kcql": "INSERT INTO a SELECT * FROM t PK id",
};

test("every key is explained, once, and in its place", () => {
  for (const className of ["fleetproof.ElasticsearchSink", "CassandraSink", undefined]) {
    const definitions = describeConfig(className);
    const names = definitions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("errors.tolerance");
    for (const { documentation, required, default_value, group, order } of definitions) {
      expect(documentation.length).toBeGreaterThan(10);
      expect(required).toBe(default_value === null);
      expect(group).not.toBe("");
      expect(order).toBeGreaterThan(0);
    }
  }
  expect(describeConfig("fleetproof.CassandraSink")).toContainEqual({
    name: "connect.cassandra.password",
    type: "PASSWORD",
    required: false,
    default_value: "",
    importance: "MEDIUM",
    documentation: "To log in with; best as a reference to the environment or a file.",
    group: "Connection",
    order: 5,
    display_name: "connect.cassandra.password",
    width: "MEDIUM",
    dependents: [],
  });
});

test("a valid config has no errors, and shows what it leaves to the defaults", () => {
  const answer = validateConnect(minimal, context);
  expect(answer).toMatchObject({ name: "fleetproof.ElasticsearchSink", error_count: 0 });
  const value = (key: string) => answer.configs.find(({ value: { name } }) => name === key)?.value;
  expect(value("topics")?.value).toBe("t");
  expect(value("connect.elastic.error.policy")?.value).toBe("RETRY");
});

test("each fault stands with its key, keys that nobody knows included", () => {
  const answer = validateConnect(
    { ...minimal, "tasks.max": "many", "connect.elastic.hostz": "a", topics: "other" },
    context,
  );
  expect(answer.error_count).toBe(4);
  const wrong = answer.configs.filter(({ value: { errors } }) => errors.length > 0);
  expect(Object.fromEntries(wrong.map(({ value: { name, errors } }) => [name, errors]))).toEqual({
    "tasks.max": ["is 'many'; allowed: integers from 1 to 1000"],
    "connect.elastic.hostz": ["is not known; is connect.elastic.hosts meant?"],
    topics: ["no statement reads 'other'"],
    "connect.elastic.kcql": ["reads 't', which 'topics' leaves out"],
  });
});

test("a class that is not here is a fault like any other", () => {
  const answer = validateConnect({ ...minimal, "connector.class": "org.example.Sink" }, context);
  expect(answer.error_count).toBe(1);
  expect(
    answer.configs.find(({ value: { name } }) => name === "connector.class")?.value.errors,
  ).toHaveLength(1);
});

test("whatever is asked for, the answer is one, and counts its errors", () => {
  const keys = fc.oneof(fc.constantFrom(...Object.keys(minimal), "tasks.max"), fc.string());
  const config = fc.dictionary(keys, fc.anything(), { maxKeys: 8 });
  fc.assert(
    fc.property(config, (changes) => {
      const answer = validateConnect({ ...minimal, ...changes }, context);
      const errors = answer.configs.flatMap(({ value }) => value.errors);
      expect(errors).toHaveLength(answer.error_count);
    }),
    { numRuns: 300 },
  );
});
