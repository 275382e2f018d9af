import { defineConfig } from "vitest/config";

// Two projects: `unit` needs nothing but Node; `live` starts the real servers once and shares them.
export default defineConfig({
  test: {
    reporters: ["default", "./test/closing-line-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/live/**", "test/planted/**"],
          pool: "threads",
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "live",
          include: ["test/live/**/*.test.ts", "test/planted/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          globalSetup: "test/live/live-stack.ts",
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
