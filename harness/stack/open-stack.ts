/** Attaches to a kept stack: another command started it, and it stays when this one is done. */
import type { Clock } from "../../simulator/clock.ts";
import type { WatchedProcess } from "../process/owned-process.ts";
import { watchProcess } from "../process/watch-process.ts";
import { type ServerName, serverNames } from "./artifacts.ts";
import { type Home, registryOf } from "./home.ts";
import { troubleWith } from "./kept-stacks.ts";
import { logTail } from "./log-tail.ts";
import { keepRestarted } from "./restart-kept.ts";
import { createLives } from "./restart-lives.ts";
import { restartServer } from "./restart-server.ts";
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
    const first = watchProcess({ name: server, identity, clock, signal: done.signal });
    return createLives<WatchedProcess>(first);
  };
  const lives = {
    kafka: watched("kafka"),
    elasticsearch: watched("elasticsearch"),
    cassandra: watched("cassandra"),
  };
  for (const server of serverNames) {
    const { logFile } = file[server];
    void lives[server].process.exited.then((exit) => {
      died.resolve({ server, logFile, logTail: logTail(logFile), ...exit });
    });
  }
  const stop = async (): Promise<void> => done.abort();
  const restart: RunningStack["restart"] = async (server, how) => {
    const { launch } = file[server];
    if (launch === undefined) {
      const sentence = `The stack ${name} was started by a version that did not note how`;
      const remedy = `end it with \`fleetproof stack down ${name}\`, and bring it up anew`;
      throw new StackError("not-restartable", `${sentence} ${server} is started: ${remedy}.`);
    }
    return await restartServer({
      ...how,
      server,
      addresses: file,
      lives: lives[server],
      command: launch,
      onStarted(process) {
        lives[server].next(process);
        keepRestarted(name, server, process, home);
      },
      registry: registryOf(home, () => undefined), // Whoever opened it at first has been told.
      clock,
    });
  };
  return {
    id: file.id,
    name,
    kafka: { ...file.kafka, process: lives.kafka.process },
    elasticsearch: { ...file.elasticsearch, process: lives.elasticsearch.process },
    cassandra: { ...file.cassandra, process: lives.cassandra.process },
    versions: file.versions,
    dataFolders: file.dataFolders,
    died: died.promise,
    restart,
    stop,
    [Symbol.asyncDispose]: stop,
    async keep() {
      throw new StackError("stack-exists", `The stack ${name} is kept already.`);
    },
  };
}
