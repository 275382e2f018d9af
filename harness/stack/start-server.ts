/** Starts one server and waits for it; once more, on other ports, if somebody took one of its ports meanwhile. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { OwnedProcess } from "../process/owned-process.ts";
import { freePorts } from "./ports.ts";
import { waitUntilReady } from "./readiness.ts";
import type { ServerContext, ServerKind } from "./server-kind.ts";
import { StackError } from "./stack-error.ts";

/** Two quiet cores need 25 s, crowded ones were seen to need 90; a death is noticed at once anyway. */
const readyWithinMs = 240_000;

const attempts = 2;

export type StartedServer<Address> = {
  readonly address: Address;
  readonly process: OwnedProcess;
  readonly logFile: string;
  readonly gcLog: string;
};

/** @throws StackError `server-died`, `not-ready` or `port-taken`; the server is then gone. */
export async function startServer<Address>(
  kind: ServerKind<Address>,
  context: Omit<ServerContext, "ports">,
): Promise<StartedServer<Address>> {
  const { title, portCount, launch, addressOf, probe } = kind;
  const { logFile, clock, signal } = context;
  for (let attempt = 1; ; attempt++) {
    const ports = await freePorts(portCount);
    const address = addressOf(ports);
    const data = join(context.data, `${attempt}`);
    mkdirSync(data);
    rmSync(logFile, { force: true }); // What an earlier attempt wrote is not this one's fault.
    const process = await launch({ ...context, data, ports });
    try {
      const readyLine = kind.readyLine === undefined ? {} : { readyLine: kind.readyLine };
      const waiting = { title, process, logFile, ...readyLine, withinMs: readyWithinMs };
      await waitUntilReady({ ...waiting, probe: () => probe(address), clock, signal });
      return { address, process, logFile, gcLog: join(data, kind.gcLog) };
    } catch (cause) {
      await process.stop({ graceMs: 0 });
      const stolen = existsSync(logFile) && saysPortTaken(readFileSync(logFile, "utf8"));
      if (!stolen || signal.aborted) throw cause;
      if (attempt < attempts) continue;
      const sentence = `${title} found one of its ports (${ports.join(", ")}) taken, twice.`;
      throw new StackError("port-taken", sentence, cause);
    }
  }
}

/** As Kafka, Elasticsearch and Cassandra each put it. */
export function saysPortTaken(log: string): boolean {
  return /Address already in use|BindException|BindHttpException|BindTransportException|in use by another process/.test(
    log,
  );
}
