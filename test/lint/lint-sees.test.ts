import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { allowed, type Direction, forbidden } from "./directions.ts";
import { houseRules } from "./house-rules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const biome = join(root, "node_modules/.bin/biome");
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
const sources = tracked.filter((file) => file.endsWith(".ts"));
const folders = [...new Set(sources.map((file) => dirname(file)))].filter(
  (folder) => !folder.startsWith("test"),
);
const mayNot = forbidden(folders);
const may = allowed(folders);
/** Broken rules by the file of the sample. */
let found = new Map<string, readonly string[]>();

beforeAll(() => {
  const samples: [string, string][] = [];
  for (const direction of [...mayNot, ...may]) {
    for (const form of forms) samples.push([fileOf(direction, form), form(pathOf(direction))]);
  }
  for (const [index, { broken, kept }] of houseRules.entries()) {
    samples.push([`harness/rule-${index}/broken.ts`, `${broken}\n`]);
    samples.push([`harness/rule-${index}/kept.ts`, `${kept}\n`]);
  }
  for (const [one, other] of [
    ["left", "right"],
    ["right", "left"],
    ["outside", "left"],
  ]) {
    const text = `import { ${other} } from "./${other}.ts";\nexport const ${one} = () => ${other};\n`;
    samples.push([`harness/cycle/${one}.ts`, text]);
  }
  samples.push(["harness/checks/clock.ts", "export const at = () => Date.now();\n"]);
  samples.push(["harness/checks/camelCase.ts", "export const one = 1;\n"]);
  found = lint(samples);
});

test("the samples try every folder of pipeline, simulator and harness", () => {
  for (const top of ["pipeline", "simulator", "harness"]) {
    expect(folders.some((folder) => folder.startsWith(top))).toBe(true);
  }
  for (const folder of folders.filter((each) => each !== "harness/simulation")) {
    expect(mayNot.map(([from]) => from)).toContain(folder);
  }
});

test.each(mayNot)("%s may not import %s, in whichever way", (...direction) => {
  for (const form of forms) {
    expect(found.get(fileOf(direction, form))).toContain("lint/style/noRestrictedImports");
  }
});

test.each(may)("%s may import %s", (...direction) => {
  for (const form of forms) {
    expect(found.get(fileOf(direction, form)) ?? []).not.toContain(
      "lint/style/noRestrictedImports",
    );
  }
});

test.each(houseRules.map(({ rule, broken, kept }, index) => ({ rule, broken, kept, index })))(
  "$rule finds $broken",
  ({ rule, index }) => {
    expect(found.get(`harness/rule-${index}/broken.ts`)).toContain(rule);
    expect(found.get(`harness/rule-${index}/kept.ts`) ?? []).not.toContain(rule);
  },
);

test("modules that import each other are found, and whoever merely imports one of them is not", () => {
  expect(found.get("harness/cycle/left.ts")).toEqual(["lint/suspicious/noImportCycles"]);
  expect(found.get("harness/cycle/right.ts")).toEqual(["lint/suspicious/noImportCycles"]);
  expect(found.get("harness/cycle/outside.ts")).toBeUndefined();
});

test("only a file named clock.ts reads the clock, and file names are in kebab-case", () => {
  expect(found.get("harness/checks/clock.ts")).toBeUndefined();
  expect(found.get("harness/checks/camelCase.ts")).toEqual(["lint/style/useFilenamingConvention"]);
});

test("the linter saw every TypeScript file that git tracks, and every import of it keeps to the directions", () => {
  const only = "--only=style/noRestrictedImports";
  const { status, stdout } = run(["lint", only, "--verbose", "--colors=off"], root);
  const seen = new Set([...stdout.matchAll(/^ *- (\S+\.ts)$/gm)].map(([, file]) => file));
  expect(sources.filter((file) => !seen.has(file))).toEqual([]);
  expect(seen.size).toBeGreaterThan(100);
  expect(status).toBe(0);
});

/** The ways in which one module can reach another. */
const forms: readonly ((path: string) => string)[] = [
  function bare(path) {
    return `import "${path}";\n`;
  },
  function typed(path) {
    return `import type { One } from "${path}";\nexport type Two = One;\n`;
  },
  function dynamic(path) {
    return `export const load = () => import("${path}");\n`;
  },
  function forwarded(path) {
    return `export { one } from "${path}";\n`;
  },
];

function fileOf([folder, target]: Direction, { name }: { readonly name: string }): string {
  return `${folder}/${name}-${target.replaceAll(/\W/g, "-")}.ts`;
}

function pathOf([folder, target]: Direction): string {
  return relative(folder, target).replace(/^(?!\.)/, "./");
}

/** Lints a house of nothing but these samples, by the repository's own configuration. */
function lint(samples: readonly (readonly [string, string])[]): Map<string, string[]> {
  const house = mkdtempSync(join(tmpdir(), "fleetproof-lint-"));
  try {
    for (const file of [".biome.json", "test/lint/clock.grit"]) {
      cpSync(join(root, file), join(house, file));
    }
    for (const [file, text] of samples) {
      mkdirSync(join(house, dirname(file)), { recursive: true });
      writeFileSync(join(house, file), text);
    }
    const unlimited = ["--max-diagnostics=none", "--reporter=json", "--vcs-enabled=false"];
    const { stdout } = run(["lint", ...unlimited], house);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { path: string } }[];
    };
    const categories = Map.groupBy(diagnostics, ({ location }) => location.path);
    return new Map(
      [...categories].map(([path, all]) => [path, all.map(({ category }) => category)]),
    );
  } finally {
    rmSync(house, { recursive: true });
  }
}

function run(args: readonly string[], cwd: string) {
  return spawnSync(biome, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}
