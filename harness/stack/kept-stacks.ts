/** Stacks that outlive the command that started them: up, status, down, and their use by a run. */
import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../simulator/clock.ts";
import { type EndedOrphans, endRecorded } from "../process/end-orphans.ts";
import { isAlive } from "../process/process-table.ts";
import type { Registry } from "../process/registry.ts";
import { type ServerName, serverNames } from "./artifacts.ts";
import type { Home } from "./home.ts";
import type { RunningStack } from "./running-stack.ts";
import { StackError } from "./stack-error.ts";
import {
  checkStackName,
  type KeptStack,
  readStackFile,
  removeStackFile,
  reserveStackName,
  stackNames,
} from "./stack-file.ts";
import type { StackOptions } from "./stack-options.ts";
import { startStack } from "./start-stack.ts";

export const defaultStackName = "default";

export type StackStatus = {
  readonly name: string;
  /** `broken`: a server has ended, or its file cannot be read. */
  readonly state: "up" | "starting" | "broken";
  readonly startedAt?: string;
  readonly servers: readonly ServerStatus[];
};

type ServerStatus = {
  readonly server: ServerName;
  readonly address: string;
  readonly pid: number;
  readonly running: boolean;
  readonly logFile: string;
  /** When it last wrote to its log: about when it ended, if it has. */
  readonly lastLogAt?: string;
};

/** @throws StackError `stack-exists`, `stack-broken`, `bad-stack-name`, or what `startStack` throws */
export async function stackUp(
  name: string,
  options: Omit<StackOptions, "id" | "folder" | "keepName">,
): Promise<RunningStack> {
  checkStackName(name);
  const { home, registry } = options;
  refuseExisting(name, home, registry);
  reserveStackName(home, name);
  try {
    const id = `${name}-${randomUUID().slice(0, 8)}`;
    const folder = keptFolder(home, name);
    return await startStack({ ...options, id, folder, keepName: name });
  } catch (error) {
    removeStackFile(home, name);
    throw error;
  }
}

export function stackStatus(home: Home): readonly StackStatus[] {
  return stackNames(home).map((name) => {
    const file = readStackFile(home, name);
    if (file?.state === "starting" && isAlive(file.owner)) {
      return { name, state: "starting", servers: [] };
    }
    if (file?.state !== "kept") return { name, state: "broken", servers: [] };
    const servers = serverNames.map((server) => statusOf(server, file));
    const state = servers.every(({ running }) => running) ? "up" : "broken";
    return { name, state, startedAt: file.startedAt, servers };
  });
}

/**
 * Ends the stack of that name, whoever started it, and removes its data and its folder.
 * @throws StackError `no-such-stack` or `stack-starting`
 */
export async function stackDown(
  name: string,
  { home, registry, clock }: { home: Home; registry: Registry; clock: Clock },
): Promise<EndedOrphans> {
  const file = readStackFile(home, name);
  if (file?.state === "starting" && isAlive(file.owner)) {
    const sentence = `The stack ${name} is still being started by process ${file.owner.pid}; end that first.`;
    throw new StackError("stack-starting", sentence);
  }
  const registered = registry.list().filter(({ stack }) => stack === name);
  if (!stackNames(home).includes(name) && registered.length === 0) {
    throw new StackError("no-such-stack", noSuchStack(name, home));
  }
  const filed = file?.state === "kept" ? file.records : [];
  const known = new Set(registered.map(({ id }) => id));
  const records = [...registered, ...filed.filter(({ id }) => !known.has(id))];
  const ended = await endRecorded(records, registry, clock);
  await rm(keptFolder(home, name), { recursive: true, force: true });
  removeStackFile(home, name);
  return ended;
}

/** The sentence for a stack that cannot be used; `undefined` when it can. */
export function troubleWith(name: string, home: Home): string | undefined {
  const status = stackStatus(home).find((candidate) => candidate.name === name);
  if (status === undefined) return noSuchStack(name, home);
  if (status.state === "up") return undefined;
  if (status.state === "starting") return `The stack ${name} is still being started.`;
  const dead = status.servers
    .filter(({ running }) => !running)
    .map(({ server, lastLogAt = "an unknown time", logFile }) => {
      return `${server} has ended (last heard of at ${lastLogAt}, log ${logFile})`;
    });
  const what = dead.join("; ") || "it never came up, or its file cannot be read";
  return `The stack ${name} is broken: ${what}; end it with \`fleetproof stack down ${name}\`.`;
}

function keptFolder(home: Home, name: string): string {
  return join(home.stacks, name);
}

/** A start that was cut short before anything was kept is no obstacle: its orphans are ended anyway. */
function refuseExisting(name: string, home: Home, registry: Registry): void {
  if (!stackNames(home).includes(name)) return;
  const file = readStackFile(home, name);
  const cutShort = file?.state === "starting" && !isAlive(file.owner);
  if (cutShort && registry.list().every(({ stack }) => stack !== name)) return;
  const trouble = troubleWith(name, home);
  if (trouble !== undefined) throw new StackError("stack-broken", trouble);
  const remedy = `use it with --stack ${name}, or end it with \`fleetproof stack down ${name}\``;
  throw new StackError("stack-exists", `The stack ${name} is up already; ${remedy}.`);
}

function noSuchStack(name: string, home: Home): string {
  const names = stackNames(home).join(", ") || "none";
  return `There is no stack ${name} (kept stacks: ${names}); \`fleetproof stack up ${name}\` starts it.`;
}

function statusOf(server: ServerName, file: KeptStack): ServerStatus {
  const { process, logFile } = file[server];
  const status = { server, address: addressOf(server, file), pid: process.pid, logFile };
  const running = isAlive(process);
  if (!existsSync(logFile)) return { ...status, running };
  return { ...status, running, lastLogAt: statSync(logFile).mtime.toISOString() };
}

function addressOf(server: ServerName, { kafka, elasticsearch, cassandra }: KeptStack): string {
  if (server === "kafka") return kafka.bootstrap;
  if (server === "elasticsearch") return elasticsearch.node;
  return `${cassandra.contactPoint}:${cassandra.port}`;
}
