import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./closing-line-reporter.ts";

// Two projects: `unit` needs nothing but Node; `live` starts the real servers once and shares them.
export default defineConfig({
  test: {
    reporters: ["default", new ClosingLineReporter()],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/live/**", "test/planted/**"],
          pool: "threads",
          // No module keeps state that a test could see, so files share them: loading each anew takes half the time.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "live",
          include: ["test/live/**/*.test.ts", "test/planted/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          globalSetup: fileURLToPath(new URL("./live/live-stack.ts", import.meta.url)),
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
