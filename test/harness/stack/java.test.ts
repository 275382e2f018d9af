import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findJava } from "../../../harness/stack/java.ts";
import { temporaryFolder } from "../process/fixture.ts";

/** A home with a `java` that claims a version; `undefined` makes one that fails. */
function fakeJava(parent: string, name: string, version: string | undefined): string {
  const home = join(parent, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  const claim = `echo 'openjdk version "${version}" 2025-04-15' >&2`;
  const script = `#!/bin/sh\n${version === undefined ? "exit 1" : claim}\n`;
  writeFileSync(join(home, "bin", "java"), script);
  chmodSync(join(home, "bin", "java"), 0o755);
  return home;
}

test("the JDK that the user names comes before those that are installed", async () => {
  const folder = temporaryFolder();
  const named = fakeJava(folder, "named", "17.0.9");
  fakeJava(join(folder, "jvm"), "a", "17.0.1");
  const environment = { FLEETPROOF_JAVA_HOME: named };
  const { found } = await findJava(environment, [join(folder, "jvm")]);
  expect(found).toEqual({ home: named, command: join(named, "bin/java"), version: "17.0.9" });
});

test("a wrong JAVA_HOME and a wrong java on the PATH do not hide the right one", async () => {
  const folder = temporaryFolder();
  const old = fakeJava(folder, "old", "1.8.0_402");
  const young = fakeJava(folder, "young", "25.0.1");
  fakeJava(join(folder, "jvm"), "broken", undefined);
  const right = fakeJava(join(folder, "jvm"), "right", "17");
  const environment = { JAVA_HOME: old, PATH: `/nowhere:${join(young, "bin")}` };
  const { found, seen } = await findJava(environment, ["/no/such/place", join(folder, "jvm")]);
  expect(found?.home).toBe(right);
  expect(seen.map(({ version }) => version)).toEqual(
    expect.arrayContaining(["1.8.0_402", "25.0.1", undefined, "17"]),
  );
});

test("without a 17 everything that was looked at is told", async () => {
  const folder = temporaryFolder();
  const young = fakeJava(folder, "young", "21.0.2");
  const environment = { JAVA_HOME: young, FLEETPROOF_JAVA_HOME: join(folder, "absent") };
  expect(await findJava(environment, [])).toEqual({
    seen: [
      { where: `FLEETPROOF_JAVA_HOME=${join(folder, "absent")}` },
      { where: `JAVA_HOME=${young}`, version: "21.0.2" },
    ],
  });
});
