import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../process/fixture.ts";

const door = fileURLToPath(new URL("../../../harness/cli/fleetproof.js", import.meta.url));

/** The door in a folder with files of these names, each of which says its own and exits with 5. */
function open(files: readonly string[], nodeArgs: readonly string[] = []) {
  const root = temporaryFolder();
  const place = join(root, "harness/cli/fleetproof.js");
  for (const file of ["package.json", ...files]) {
    const says = `export const main = async (argv) => { console.log("${file}", ...argv.slice(2)); return 5; };`;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file === "package.json" ? '{ "type": "module" }' : says);
  }
  cpSync(door, place);
  const env = { ...process.env, XDG_CACHE_HOME: join(root, "cache") };
  const args = [...nodeArgs, place, "list"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

test("a checkout runs its sources, whatever an earlier packing left in dist/", () => {
  expect(open(["harness/cli/main.ts", "dist/harness/cli/main.js"])).toEqual({
    status: 5,
    stdout: "harness/cli/main.ts list\n",
    stderr: "",
  });
});

test("the package, which has no sources, runs what was emitted", () => {
  expect(open(["dist/harness/cli/main.js"])).toEqual({
    status: 5,
    stdout: "dist/harness/cli/main.js list\n",
    stderr: "",
  });
});

test("under an older Node it says in a sentence which one it needs: exit 2", () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.11.1" } })';
  const asOlder = ["--import", `data:text/javascript,${encodeURIComponent(older)}`];
  const { status, stdout, stderr } = open(["dist/harness/cli/main.js"], asOlder);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^fleetproof needs Node 24\.6 or newer; this is 20\.11\.1\. .+\n$/);
});

test("what keeps something open when everything is done ends all the same, with its code, and says so", () => {
  const left = ["--import", "data:text/javascript,setInterval(() => undefined, 1000)"];
  const { status, stdout, stderr } = open(["harness/cli/main.ts"], left);
  expect({ status, stdout }).toEqual({ status: 5, stdout: "harness/cli/main.ts list\n" });
  expect(stderr).toMatch(/^Ended with something still open, please report it: .*Timeout\n$/);
});
