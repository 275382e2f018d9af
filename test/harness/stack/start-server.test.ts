import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnProcess } from "../../../harness/process/spawn-process.ts";
import type { ServerContext, ServerKind } from "../../../harness/stack/server-kind.ts";
import { startServer } from "../../../harness/stack/start-server.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry } from "../process/fixture.ts";

type Address = { readonly port: number | undefined };

/** A server that is a shell script, one for each attempt; `sleep` is one that comes up. */
function scripted(...scripts: string[]) {
  const { registry, folder } = temporaryRegistry();
  const data = join(folder, "data");
  mkdirSync(data);
  const seen: ServerContext[] = [];
  const kind: ServerKind<Address> = {
    name: "kafka",
    title: "Kafka",
    portCount: 2,
    gcLog: "gc.log",
    addressOf: ([port]) => ({ port }),
    launch(context) {
      const args = ["-c", scripts[seen.push(context) - 1] ?? "exit 9"];
      return spawnProcess({ ...context, name: "kafka", command: "sh", args });
    },
    async probe() {
      if (!scripts[seen.length - 1]?.startsWith("sleep")) throw new Error("refused");
    },
  };
  const java = { home: "/nowhere", command: "java", version: "17" };
  const { signal } = new AbortController();
  const common = {
    java,
    files: folder,
    data,
    logFile: join(folder, "x.log"),
    nice: 0,
    compiler: "full" as const,
  };
  return { kind, seen, registry, context: { ...common, purpose: "x", registry, clock, signal } };
}

test("a server whose port was stolen is started once more, on other ports and empty data", async () => {
  const { kind, seen, context } = scripted("echo Address already in use; exit 1", "sleep 60");
  const started = await startServer(kind, context);
  const [first, second] = seen;
  expect(seen).toHaveLength(2);
  expect(first?.data).not.toBe(second?.data);
  expect(first?.ports).not.toEqual(second?.ports);
  expect(started.address.port).toBe(second?.ports[0]);
  await started.process.stop({ graceMs: 0 });
});

test("twice stolen is said, and leaves nothing running", async () => {
  const stolen = "echo java.net.BindException; exit 1";
  const { kind, context, registry } = scripted(stolen, stolen, "sleep 60");
  await expect(startServer(kind, context)).rejects.toMatchObject({ code: "port-taken" });
  expect(registry.list()).toEqual([]);
});

test("any other death is final", async () => {
  const { kind, seen, context, registry } = scripted("echo no memory; exit 1", "sleep 60");
  await expect(startServer(kind, context)).rejects.toMatchObject({ code: "server-died" });
  expect(seen).toHaveLength(1);
  expect(registry.list()).toEqual([]);
});
