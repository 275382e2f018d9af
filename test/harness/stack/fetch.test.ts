import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endOrphans } from "../../../harness/process/end-orphans.ts";
import { openRegistry } from "../../../harness/process/registry.ts";
import { serverNames } from "../../../harness/stack/artifacts.ts";
import { isCached } from "../../../harness/stack/cache.ts";
import { type FetchOptions, fetchServers } from "../../../harness/stack/fetch.ts";
import type { FetchProgress } from "../../../harness/stack/fetch-progress.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryFolder } from "../process/fixture.ts";

/** Options whose Maven is this shell script; `$out` is the folder it is asked to fill. */
function withMaven(script: string): FetchOptions & { folder: string } {
  const folder = temporaryFolder();
  const maven = join(folder, "mvn");
  const out = `for a in "$@"; do case "$a" in -DoutputDirectory=*) out="\${a#*=}";; esac; done`;
  writeFileSync(maven, `#!/bin/sh\n${out}\n${script}\n`);
  chmodSync(maven, 0o755);
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const registry = openRegistry(home.registry, (sentence) => {
    throw new Error(sentence);
  });
  const java = { home: "/nowhere", command: "/nowhere/bin/java", version: "17" };
  const { signal } = new AbortController();
  return { folder, home, registry, java, maven, clock, signal };
}

const jars = (count: number) =>
  `i=0; while [ $i -lt ${count} ]; do : > "$out/$i.jar"; i=$((i+1)); done`;

function expectNothingLeft({ home, registry }: FetchOptions): void {
  for (const server of serverNames) expect(isCached(home.cache, server)).toBe(false);
  expect(readdirSync(join(home.cache, "servers"))).toEqual([]);
  expect(registry.list()).toEqual([]);
}

test("a Maven that dies half way leaves nothing that could be taken for a whole server", async () => {
  const options = withMaven(`${jars(40)}; kill -9 $$`);
  await expect(fetchServers(options)).rejects.toMatchObject({ code: "fetch-failed" });
  expectNothingLeft(options);
});

test("too few jars are refused although Maven was content", async () => {
  const options = withMaven(`case "$*" in *copy-dependencies*) ${jars(95)};; *) sleep 60;; esac`);
  await expect(fetchServers(options)).rejects.toThrow(/Maven copied 95 jars where \d+ belong/);
  expectNothingLeft(options);
});

test("a zip that is not the pinned one is refused", async () => {
  const zip = '*) echo damaged > "$out/elasticsearch-8.19.16.zip";;';
  const options = withMaven(`case "$*" in *copy-dependencies*) sleep 60;; ${zip} esac`);
  await expect(fetchServers(options)).rejects.toThrow(/not the pinned 97db38d6920f/);
  expectNothingLeft(options);
});

test("without network there is one sentence with Maven's first error", async () => {
  const options = withMaven(
    `echo '[ERROR] Could not transfer x from central (https://h.example/m): h.example: unknown'; exit 1`,
  );
  const failure = await fetchServers(options).catch((error: Error) => error.message);
  expect(failure).toMatch(
    /^\w+ [\d.]+ could not be fetched: Maven said: Could not transfer x from central: the repository/,
  );
});

test("without Maven it says so", async () => {
  const options = { ...withMaven(""), maven: "/no/such/mvn" };
  await expect(fetchServers(options)).rejects.toThrow(/Maven \(`mvn`\) could not be started/);
});

test("an interrupted fetch ends Maven and leaves nothing", async () => {
  const options = withMaven("sleep 60");
  const interrupt = new AbortController();
  const onProgress = (progress: FetchProgress): void => {
    if (progress.phase === "fetching") interrupt.abort(new Error("interrupted"));
  };
  const fetching = fetchServers({ ...options, signal: interrupt.signal, onProgress });
  await expect(fetching).rejects.toThrow("interrupted");
  expectNothingLeft(options);
});

test("what a killed fetch left behind is removed by the next start", async () => {
  const options = withMaven("exit 0");
  const { home, registry } = options;
  const path = join(home.cache, "servers", ".fetching-kafka-1");
  const { claimFolder } = await import("../../../harness/process/claimed-folder.ts");
  claimFolder({ path, purpose: "fetching kafka", registry });
  const [record] = registry.list();
  if (record === undefined) throw new Error("no record");
  registry.put({ ...record, owner: { pid: 2 ** 22 + 1, startTime: "long ago" } });
  expect((await endOrphans({ registry, clock })).folders).toEqual([path]);
  expectNothingLeft(options);
});
