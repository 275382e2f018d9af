import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./closing-line-reporter.ts";

const ownServers = "test/live/own-servers.test.ts";
const minutes = { testTimeout: 300_000, hookTimeout: 300_000 } as const;

// Three projects, one after the other: `unit` needs nothing but Node; `live` starts the real servers once and shares
// them; `servers` is what starts servers of its own.
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
          exclude: [ownServers],
          pool: "forks",
          // A run is paced by its load and waits for its servers, so a second one beside it costs little; a third one
          // would stand in the way of both.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: fileURLToPath(new URL("./live/live-stack.ts", import.meta.url)),
          ...minutes,
        },
      },
      {
        test: {
          name: "servers",
          include: [ownServers],
          pool: "forks",
          // Alone: while servers start they take the whole machine, and others would run into their time limits.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          ...minutes,
        },
      },
    ],
  },
});
