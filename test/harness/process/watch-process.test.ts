import { join } from "node:path";
import { expect, test } from "vitest";
import { identityOf } from "../../../harness/process/process-table.ts";
import { spawnProcess } from "../../../harness/process/spawn-process.ts";
import { watchProcess } from "../../../harness/process/watch-process.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry } from "./fixture.ts";

test("the end of a process that another harness started is noticed, though not its cause", async () => {
  const { registry, folder } = temporaryRegistry();
  const logFile = join(folder, "x.log");
  const common = { name: "x", command: "sleep", args: ["300"], logFile, registry };
  const child = await spawnProcess(common);
  const identity = identityOf(child.pid);
  if (identity === undefined) throw new Error("it has no identity");
  const { signal } = new AbortController();
  const watched = watchProcess({ name: "x", identity, clock, signal });
  expect(watched.running).toBe(true);
  watched.kill("SIGKILL");
  expect(await watched.exited).toEqual({ code: null, signal: null });
  expect(watched.running).toBe(false);
  watched.kill("SIGKILL"); // To nobody: no error.
});
