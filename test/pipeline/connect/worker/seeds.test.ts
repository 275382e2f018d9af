/** When a file's config is published: not while the topic holds what came of the same content. */
import { expect, test } from "vitest";
import type { ConfigRecord } from "../../../../pipeline/connect/worker/cluster-records.ts";
import {
  applyRecord,
  createClusterView,
} from "../../../../pipeline/connect/worker/cluster-view.ts";
import { seedRecord } from "../../../../pipeline/connect/worker/seeds.ts";

const seed = { name: "job", properties: { topics: "new" }, hash: "b" } as const;
const fromFile: ConfigRecord["source"] = { kind: "file", hash: "b" };

function recordFor(known: ConfigRecord | undefined): ConfigRecord | undefined {
  const view = createClusterView();
  applyRecord(view, { kind: "config", name: "job", value: known }, 0);
  return seedRecord(view, seed, "mine");
}

test("a job that there is none of, or one that came from elsewhere, is published", () => {
  const published = { properties: { topics: "new" }, group: "mine", source: fromFile };
  expect(recordFor(undefined)).toEqual(published);
  const properties = { topics: "old" };
  expect(recordFor({ properties, group: "mine", source: { kind: "rest" } })).toEqual(published);
  const older = { properties, group: "mine", source: { kind: "file", hash: "a" } } as const;
  expect(recordFor(older)).toEqual(published);
});

test("what REST made of the same file stays", () => {
  const properties = { topics: "changed over REST" };
  expect(recordFor({ properties, group: "mine", source: fromFile })).toBeUndefined();
});

test("the file's worker takes the job over from another group, as REST left it", () => {
  const properties = { topics: "changed over REST" };
  const taken = recordFor({ properties, group: "theirs", source: fromFile });
  expect(taken).toEqual({ properties, group: "mine", source: fromFile });
});
