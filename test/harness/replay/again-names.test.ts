// biome-ignore-all lint/suspicious/noTemplateCurlyInString: job configs write ${…} into plain strings.
import { expect, test } from "vitest";
import { againNames, againStage } from "../../../harness/replay/again-names.ts";
import { newStoreConfig, readingFrom } from "../../../harness/replay/new-store-config.ts";
import { runNames } from "../../../pipeline/contract/names.ts";

const names = runNames("r1234abcd");

test("a second pipeline has names of its own with the run's id in them, and shares what is not fresh", () => {
  const fresh = againNames(names, 2, ["raw", "aggregated"]);
  const all = [fresh.aggregatorGroup, ...Object.values(fresh.topics)];
  expect(all.every((name) => name.startsWith("r1234abcd") && name.includes("again2"))).toBe(true);
  const shared = againNames(names, 2, []);
  expect(shared.topics).toMatchObject({
    raw: names.topics.raw,
    aggregated: names.topics.aggregated,
    rejected: "r1234abcd.thermostat.data.rejected.again2",
    checkpoints: "r1234abcd-aggregator-again2.checkpoints",
  });
  expect(againStage(2)).toBe("aggregator-again2");
});

test("a job that reads another topic says so in its statement and in its topics", () => {
  const kcql =
    "INSERT INTO temperatures SELECT * FROM ${run}.temperatures.aggregated AUTOCREATE PK a";
  const file = {
    name: "${run}-cassandra",
    config: { topics: "${run}.temperatures.aggregated", "connect.cassandra.kcql": kcql },
  };
  const topic = "${run}.temperatures.aggregated";
  const derived = newStoreConfig(readingFrom(file, topic, `${topic}.again1`), 1);
  expect(derived).toMatchObject({
    ok: true,
    config: {
      name: "${run}-cassandra-new1",
      config: {
        topics: `${topic}.again1`,
        "connect.cassandra.kcql": `INSERT INTO temperatures_new1 SELECT * FROM ${topic}.again1 AUTOCREATE PK a`,
      },
    },
  });
});
