import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownIdentity } from "../../../harness/process/process-table.ts";
import type { RegistryRecord } from "../../../harness/process/registry.ts";
import { temporaryRegistry } from "./fixture.ts";

const record: RegistryRecord = { kind: "process", id: "a", purpose: "test", owner: ownIdentity() };

test("a record is read back as it was put, and the last one put wins", () => {
  const { registry } = temporaryRegistry();
  registry.put(record);
  registry.put({ ...record, stack: "default" });
  expect(registry.list()).toEqual([{ ...record, stack: "default" }]);
});

test("a removed record is gone, and removing it again is no error", () => {
  const { registry } = temporaryRegistry();
  registry.put(record);
  registry.remove("a");
  registry.remove("a");
  expect(registry.list()).toEqual([]);
});

test("a corrupt record is ignored with a warning that names its file", () => {
  const { registry, warnings } = temporaryRegistry();
  registry.put(record);
  writeFileSync(join(registry.folder, "torn.json"), '{"kind":"process","id":');
  writeFileSync(join(registry.folder, "other.json"), '{"kind":"folder","id":"b","path":"x"}');
  expect(registry.list()).toEqual([record]);
  expect(warnings.join()).toContain("torn.json");
  expect(warnings.join()).toContain("other.json");
});

test("putting a record leaves no draft behind", () => {
  const { registry } = temporaryRegistry();
  registry.put(record);
  expect(readdirSync(registry.folder)).toEqual(["a.json"]);
});
