import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { identityOf } from "../../../harness/process/process-table.ts";
import { openRegistry } from "../../../harness/process/registry.ts";
import { clean } from "../../../harness/stack/clean.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { stackDown, stackStatus, troubleWith } from "../../../harness/stack/kept-stacks.ts";
import { openStack } from "../../../harness/stack/open-stack.ts";
import {
  checkStackName,
  reserveStackName,
  stackNames,
  writeStackFile,
} from "../../../harness/stack/stack-file.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryFolder } from "../process/fixture.ts";

const nobody = { pid: 2 ** 22 + 1, startTime: "long ago" };

function temporaryHome() {
  const home = homeOf({ FLEETPROOF_HOME: temporaryFolder() });
  const registry = openRegistry(home.registry, () => undefined);
  return { home, registry, clock };
}

test("a name that the command line or a path could misread is refused", () => {
  for (const name of ["", "-x", "a/b", "..", "auto", "containers", "A"]) {
    expect(() => checkStackName(name)).toThrow(/is no name for a stack/);
  }
  expect(() => checkStackName("ci-2")).not.toThrow();
});

test("of two that want a name one gets it, and nobody ends it meanwhile", async () => {
  const { home, registry } = temporaryHome();
  mkdirSync(home.stacks, { recursive: true });
  const owner = identityOf(process.ppid);
  writeFileSync(
    join(home.stacks, "ci.json"),
    JSON.stringify({ state: "starting", name: "ci", owner }),
  );
  expect(() => reserveStackName(home, "ci")).toThrow(/is being started/);
  expect(stackStatus(home)).toEqual([{ name: "ci", state: "starting", servers: [] }]);
  const ending = stackDown("ci", { home, registry, clock });
  await expect(ending).rejects.toMatchObject({ code: "stack-starting" });
});

test("who has taken a name may take it again", () => {
  const { home } = temporaryHome();
  reserveStackName(home, "ci");
  expect(() => reserveStackName(home, "ci")).not.toThrow();
});

test("the name that a killed start had taken is free again, and cleaned", async () => {
  const { home, registry } = temporaryHome();
  mkdirSync(home.stacks, { recursive: true });
  const cutShort = JSON.stringify({ state: "starting", name: "ci", owner: nobody });
  writeFileSync(join(home.stacks, "ci.json"), cutShort);
  expect((await clean({ home, registry, clock })).stacks).toEqual(["ci"]);
  writeFileSync(join(home.stacks, "ci.json"), cutShort);
  expect(() => reserveStackName(home, "ci")).not.toThrow();
});

test("a kept stack that has died says which server, since when and where its log is", async () => {
  const { home, registry } = temporaryHome();
  mkdirSync(home.stacks, { recursive: true });
  const logFile = join(home.stacks, "x.log");
  writeFileSync(logFile, "the end\n");
  const server = { process: nobody, logFile };
  writeStackFile(home, {
    state: "kept",
    name: "ci",
    id: "ci-1",
    startedAt: "2026-01-15T00:00:00.000Z",
    kafka: { ...server, bootstrap: "127.0.0.1:1" },
    elasticsearch: { ...server, node: "http://127.0.0.1:2" },
    cassandra: { ...server, contactPoint: "127.0.0.1", port: 3, localDataCenter: "datacenter1" },
    versions: { kafka: "4", elasticsearch: "8", cassandra: "5", java: "17" },
    dataFolders: [],
    records: [],
  });
  expect(stackStatus(home)).toMatchObject([{ name: "ci", state: "broken" }]);
  expect(troubleWith("ci", home)).toMatch(
    /^The stack ci is broken: kafka has ended \(last heard of at 20\d\d-.*x\.log\).*stack down ci/,
  );
  expect(() => openStack("ci", { home, clock })).toThrow(/is broken/);
  await stackDown("ci", { home, registry, clock });
  expect(stackNames(home)).toEqual([]);
});

test("a stack that does not exist is said not to exist", async () => {
  const { home, registry } = temporaryHome();
  expect(() => openStack("ci", { home, clock })).toThrow(/There is no stack ci/);
  const ending = stackDown("ci", { home, registry, clock });
  await expect(ending).rejects.toMatchObject({ code: "no-such-stack" });
});
