/**
 * One server of the local stack alone, for what needs no more (the benchmarks need only Kafka). Like a whole stack it
 * leaves nothing behind but its log: on failure, at its end, and, after a `kill -9`, at the next start.
 */
import { join, resolve } from "node:path";
import { claimFolder } from "../process/claimed-folder.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { fetchServer } from "./fetch.ts";
import type { Java } from "./java.ts";
import { requirePrerequisites } from "./prerequisites.ts";
import type { ServerKind } from "./server-kind.ts";
import type { StackOptions } from "./stack-options.ts";
import { type StartedServer, startServer } from "./start-server.ts";

export type OneServer<Address> = AsyncDisposable &
  StartedServer<Address> & {
    readonly java: Java;
    /** Its files in the cache; not written to. */
    readonly files: string;
  };

/** @throws StackError; ProcessError `folder-taken` or `spawn-failed`; the signal's reason */
export async function startOne<Address>(
  kind: ServerKind<Address>,
  options: Omit<StackOptions, "keepName" | "load">,
): Promise<OneServer<Address>> {
  const { id, home, registry, clock, signal, compiler = "full" } = options;
  const folder = resolve(options.folder);
  signal.throwIfAborted();
  await endLeftovers(options);
  const environment = options.environment ?? process.env;
  const java = await requirePrerequisites({ home, environment });
  const files = await fetchServer(kind.name, { ...options, java });
  const purpose = `${kind.name} of ${id}`;
  const data = claimFolder({ path: join(folder, "data"), purpose, registry });
  const logFile = join(folder, "logs", `${kind.name}.log`);
  const context = { java, files, data: data.path, logFile, nice: 0, compiler, purpose };
  try {
    const started = await startServer(kind, { ...context, registry, clock, signal });
    const end = async (): Promise<void> => {
      await started.process.stop({ graceMs: 0 }); // Its data goes with it.
      await data.remove();
    };
    return { ...started, java, files, [Symbol.asyncDispose]: end };
  } catch (error) {
    await data.remove();
    throw error;
  }
}
