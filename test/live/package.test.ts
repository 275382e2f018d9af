/** The package as its user gets it: packed, installed by npm into an empty folder elsewhere, started by npx. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { smallLoad, spawnCommand, summaryOf } from "./run-command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "fleetproof-package-"));
const installed = join(folder, "elsewhere", "node_modules", "fleetproof");
/** An `npm test` around us has set where *its* package lies; registry and cache stay those of the machine. */
const ofOuterNpm = /^npm_(package|lifecycle|config_local_prefix)/;
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofOuterNpm.test(name))),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`,
};

type Packed = {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
};
let packed: Packed;

/** Its standard output; what else it says is in the error, should there be one. */
function npm(...args: readonly string[]): string {
  return execFileSync("npm", args, { cwd: root, env, encoding: "utf8", stdio: "pipe" });
}

beforeAll(() => {
  const told = npm("pack", "--json", "--loglevel=error", "--pack-destination", folder);
  [packed] = JSON.parse(told.slice(told.indexOf("[\n"))) as [Packed];
  const quickly = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const elsewhere = ["--prefix", join(folder, "elsewhere")];
  npm("install", join(folder, packed.filename), ...elsewhere, ...quickly);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds what runs and the scenarios, no test and no planted bug", () => {
  const meant =
    /^(dist\/(harness|pipeline|simulator)\/.+\.js|dist\/package\.json|harness\/cli\/fleetproof\.js|scenarios\/.+|package\.json|README\.md|LICENSE)$/;
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !meant.test(path))).toEqual([]);
  expect(paths.filter((path) => /\btests?\b|planted/.test(path))).toEqual([
    "dist/pipeline/no-planted-bugs.js",
  ]);
  expect(paths).toEqual(expect.arrayContaining(["README.md", "LICENSE", "scenarios/quick.yaml"]));
  expect(packed.unpackedSize).toBeLessThan(3_000_000);
  expect(existsSync(join(root, "dist"))).toBe(false); // Packing leaves nothing in the checkout.
});

test("what the package imports is in it, in Node, or a dependency; each dependency is used", () => {
  const modules = readdirSync(installed, { recursive: true, encoding: "utf8" })
    .filter((file) => file.startsWith("dist") && file.endsWith(".js"))
    .map((file) => ({ file, text: readFileSync(join(installed, file), "utf8") }));
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const known = Object.keys(manifest.dependencies);
  const isKnown = (specifier: string): boolean =>
    specifier === "#planted" ||
    isBuiltin(specifier) ||
    known.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  const imports = /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|\bimport\(?\s*"([^"]+)"/gm;
  const found = modules.flatMap(({ file, text }) =>
    [...text.matchAll(imports)].map(([, from, alone]) => ({ file, to: from ?? alone ?? "" })),
  );
  const broken = found.filter(({ file, to }) =>
    to.startsWith(".") ? !existsSync(join(installed, dirname(file), to)) : !isKnown(to),
  );
  expect(broken).toEqual([]);
  expect(found.length).toBeGreaterThan(modules.length); // It saw them.
  const all = modules.map(({ text }) => text).join("\n");
  expect(known.filter((name) => !new RegExp(`"${name}["/]`).test(all))).toEqual([]);
});

test("in an empty folder elsewhere `npx fleetproof run quick` PASSES, whatever would plant a bug", async () => {
  const { ended, output } = spawnCommand(
    "npx",
    ["fleetproof", "run", "quick", "--stack", liveStack().name, ...smallLoad],
    {
      cwd: join(folder, "elsewhere"),
      env: {
        ...env,
        NODE_OPTIONS: "--conditions=planted",
        FLEETPROOF_PLANTED_BUG: "skip-one-write",
      },
    },
  );
  expect((await ended).code, output()).toBe(0);
  const summary = summaryOf(join(folder, "elsewhere", "runs"));
  expect(summary).toMatchObject({ verdict: "PASS", findings: [], replay: [{ identical: true }] });
});
