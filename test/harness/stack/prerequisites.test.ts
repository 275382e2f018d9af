import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverNames } from "../../../harness/stack/artifacts.ts";
import { publish } from "../../../harness/stack/cache.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { checkPrerequisites } from "../../../harness/stack/prerequisites.ts";
import { temporaryFolder } from "../process/fixture.ts";

function program(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const java17 = `echo 'openjdk version "17.0.15" 2025-04-15' >&2`;

test("nothing on the machine: each lack is one sentence with its remedy", async () => {
  const folder = temporaryFolder();
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const result = await checkPrerequisites({ home, environment: { PATH: "" }, javaPlaces: [] });
  if (result.ok) throw new Error("it found something");
  const [java = "", maven = ""] = result.missing;
  expect(result.missing).toHaveLength(2);
  expect(java).toMatch(/^A JDK 17 is missing \(found: no java at all\); install it with `apt /);
  expect(java).toContain("openjdk-17-jdk-headless");
  expect(maven).toMatch(/^Maven \(`mvn`\) is missing.*`apt install maven`/);
});

test("a wrong JDK is named with its version and place", async () => {
  const folder = temporaryFolder();
  program(join(folder, "bin"), "java", `echo 'java version "11.0.2"' >&2`);
  program(join(folder, "bin"), "mvn", "exit 0");
  const environment = { PATH: join(folder, "bin") };
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const result = await checkPrerequisites({ home, environment, javaPlaces: [] });
  expect(result).toMatchObject({
    ok: false,
    missing: [expect.stringContaining(`11.0.2 at PATH (${join(folder, "bin/java")})`)],
  });
});

test("Maven is not needed once all servers are cached", async () => {
  const folder = temporaryFolder();
  program(join(folder, "bin"), "java", java17);
  const home = homeOf({ FLEETPROOF_HOME: folder });
  const options = { home, environment: { PATH: join(folder, "bin") }, javaPlaces: [] };
  expect(await checkPrerequisites(options)).toMatchObject({ ok: false });
  for (const server of serverNames) {
    const assembled = join(home.cache, "servers", `.work-${server}`);
    mkdirSync(assembled, { recursive: true });
    writeFileSync(join(assembled, "a.jar"), "x");
    await publish(assembled, home.cache, server);
  }
  expect(await checkPrerequisites(options)).toMatchObject({
    ok: true,
    cached: true,
    java: { version: "17.0.15" },
  });
});
