/** Attaches to a kept stack: another command started it, and it stays when this one is done. */
import type { Clock } from "../../simulator/clock.ts";
import { watchProcess } from "../process/watch-process.ts";
import { type ServerName, serverNames } from "./artifacts.ts";
import type { Home } from "./home.ts";
import { troubleWith } from "./kept-stacks.ts";
import { logTail } from "./log-tail.ts";
import type { RunningStack, ServerDeath } from "./running-stack.ts";
import { StackError } from "./stack-error.ts";
import { readStackFile } from "./stack-file.ts";

/** @throws StackError `no-such-stack`, or `stack-broken` with the server, the time and the log */
export function openStack(
  name: string,
  { home, clock }: { readonly home: Home; readonly clock: Clock },
): RunningStack {
  const file = readStackFile(home, name);
  const trouble = troubleWith(name, home);
  if (file?.state !== "kept" || trouble !== undefined) {
    const code = file === undefined ? "no-such-stack" : "stack-broken";
    throw new StackError(code, trouble ?? `The stack ${name} cannot be used.`);
  }
  const done = new AbortController();
  const died = Promise.withResolvers<ServerDeath>();
  const watched = (server: ServerName) => {
    const { process: identity } = file[server];
    return watchProcess({ name: server, identity, clock, signal: done.signal });
  };
  const processes = {
    kafka: watched("kafka"),
    elasticsearch: watched("elasticsearch"),
    cassandra: watched("cassandra"),
  };
  for (const server of serverNames) {
    const { logFile } = file[server];
    void processes[server].exited.then((exit) => {
      died.resolve({ server, logFile, logTail: logTail(logFile), ...exit });
    });
  }
  const stop = async (): Promise<void> => done.abort();
  return {
    id: file.id,
    name,
    kafka: { ...file.kafka, process: processes.kafka },
    elasticsearch: { ...file.elasticsearch, process: processes.elasticsearch },
    cassandra: { ...file.cassandra, process: processes.cassandra },
    versions: file.versions,
    dataFolders: file.dataFolders,
    died: died.promise,
    stop,
    [Symbol.asyncDispose]: stop,
    async keep() {
      throw new StackError("stack-exists", `The stack ${name} is kept already.`);
    },
  };
}
