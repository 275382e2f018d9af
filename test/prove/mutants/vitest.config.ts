import { defineConfig } from "vitest/config";
import { MirrorFirst } from "./mirror-first.ts";

// The unit tests that bear on the checks and the oracle, and no others: each runs again for every
// mutant that it reaches. The two longest are left out, too: they take as long as all the rest, and
// what they alone would notice is little. So the score is a lower bound.
export default defineConfig({
  test: {
    include: [
      "test/harness/{checks,expected}/**/*.test.ts",
      "test/harness/observe/raw-audit*.test.ts",
    ],
    exclude: ["test/harness/checks/{brute-force-log,each-fault-once}.test.ts"],
    isolate: false,
    sequence: { sequencer: MirrorFirst },
    setupFiles: ["test/prove/mutants/stop-at-first.ts"],
    // A mutant that loops is ended by the number of its steps: a slow machine is no detector.
    testTimeout: 120_000,
  },
});
