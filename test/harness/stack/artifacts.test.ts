import { expect, test } from "vitest";
import { artifacts, pomOf } from "../../../harness/stack/artifacts.ts";

test("the pom names every root with its version", () => {
  const pom = pomOf(artifacts.kafka);
  expect(pom.match(/<dependency>/g)).toHaveLength(10);
  expect(pom).toContain(
    "<groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.1.1</version>",
  );
});

test("the pinned hash is a whole SHA-512", () => {
  expect(artifacts.elasticsearch.sha512).toMatch(/^[0-9a-f]{128}$/);
});
