/**
 * Stryker on one file: each operator, condition, literal and block of it is changed, one at a time,
 * and the unit tests of the checks and the oracle must notice.
 *
 * Texts (`StringLiteral`) stay as they are: most are the words of a sentence, and those that are
 * names (classes, clauses, outcomes) are typed.
 */
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { mutatedFile } from "./mirror-first.ts";

/** What Stryker says of one mutant. */
export type Mutant = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/**
 * Far beyond what these tests take, also beside other work: what is only slow must not count as
 * noticed. A loop without end is known by its steps, a hundred times those of the right code.
 */
const timeoutMS = 60_000;

/** Apart, since its type is a `const enum` of another package, which no isolated module may name. */
const quiet: object = { logLevel: "error" };

/** `folder`: where the copy of the project may lie meanwhile. Errors: those of Stryker. */
export function mutateFile(file: string, folder: string): Promise<readonly Mutant[]> {
  process.env[mutatedFile] = file; // For the processes that Stryker starts.
  return new Stryker({
    mutate: [file],
    mutator: { excludedMutations: ["StringLiteral"] },
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    testRunner: "vitest",
    // `related` asks the bundler which tests import the file, and finds none.
    vitest: { configFile: "test/prove/mutants/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    concurrency: 2,
    timeoutMS,
    tempDirName: folder,
    cleanTempDir: "always",
    ignorePatterns: ["/runs", "/dist"],
    // Else Stryker rewrites it, through an interface that TypeScript 7 no longer has.
    tsconfigFile: "none",
    reporters: [],
    ...quiet,
  }).runMutationTest();
}
