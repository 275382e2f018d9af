/** The file that says that a stack is kept under a name, and what is needed to use it and to end it. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { SpawnCommand } from "../process/owned-process.ts";
import { isAlive, ownIdentity } from "../process/process-table.ts";
import { identitySchema, recordSchema } from "../process/registry.ts";
import type { Home } from "./home.ts";
import { kafkaStages } from "./kafka-links.ts";
import { StackError } from "./stack-error.ts";

/** How it was started, so that another command can start it again; a file of an older version does not say. */
const launchSchema = z.object({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).exactOptional(),
  cwd: z.string().exactOptional(),
  logFile: z.string(),
  nice: z.number().exactOptional(),
  uid: z.number().exactOptional(),
  gid: z.number().exactOptional(),
  purpose: z.string().exactOptional(),
});

const server = {
  process: identitySchema,
  logFile: z.string(),
  launch: launchSchema.exactOptional(),
  gcLog: z.string().exactOptional(),
};

const linkSchema = z.object({ broker: z.int(), proxy: z.int() });

const linksSchema = z.record(z.enum(kafkaStages), linkSchema);

const keptSchema = z.object({
  state: z.literal("kept"),
  name: z.string(),
  id: z.string(),
  startedAt: z.iso.datetime(),
  kafka: z.object({ ...server, bootstrap: z.string(), links: linksSchema.exactOptional() }),
  elasticsearch: z.object({ ...server, node: z.string() }),
  cassandra: z.object({
    ...server,
    contactPoint: z.string(),
    port: z.int(),
    localDataCenter: z.string(),
  }),
  versions: z.object({
    kafka: z.string(),
    elasticsearch: z.string(),
    cassandra: z.string(),
    java: z.string(),
  }),
  dataFolders: z.array(z.string()),
  /** What has to be ended and removed with it. */
  records: z.array(recordSchema),
});

/** Somebody is about to start it: the name is taken. */
const startingSchema = z.object({
  state: z.literal("starting"),
  name: z.string(),
  owner: identitySchema,
});

export type KeptStack = z.infer<typeof keptSchema>;
export type StackFile = KeptStack | z.infer<typeof startingSchema>;

/** Words that `--stack` understands in another way. */
const reserved = ["auto", "local", "containers", "external"];

/** @throws StackError `bad-stack-name` */
export function checkStackName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name) && !reserved.includes(name)) return;
  const rule = `up to 40 of a-z, 0-9 and -, not beginning with -, and none of ${reserved.join(", ")}`;
  throw new StackError("bad-stack-name", `"${name}" is no name for a stack: ${rule}.`);
}

/**
 * Takes the name for this process, atomically, before anything is started; taking it twice is once.
 * @throws StackError `stack-exists` or `bad-stack-name`
 */
export function reserveStackName(home: Home, name: string): void {
  checkStackName(name);
  mkdirSync(home.stacks, { recursive: true });
  const owner = ownIdentity();
  const file = { state: "starting", name, owner };
  for (;;) {
    try {
      writeFileSync(pathOf(home, name), JSON.stringify(file), { flag: "wx" });
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const existing = readStackFile(home, name);
    if (existing?.state === "starting" && isDeepStrictEqual(existing.owner, owner)) return;
    if (existing?.state !== "starting" || isAlive(existing.owner)) {
      const how = existing?.state === "starting" ? "is being started" : "exists already";
      const remedy = `use it with --stack ${name}, or end it with \`fleetproof stack down ${name}\``;
      throw new StackError("stack-exists", `The stack ${name} ${how}; ${remedy}.`);
    }
    removeStackFile(home, name); // Whoever was starting it has been killed.
  }
}

export function writeStackFile(home: Home, file: KeptStack): void {
  const draft = `${pathOf(home, file.name)}.draft`;
  writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`);
  renameSync(draft, pathOf(home, file.name));
}

/** What of a command a stack's file keeps. */
export function launchOf(command: SpawnCommand): z.infer<typeof launchSchema> {
  return launchSchema.parse(JSON.parse(JSON.stringify(command)));
}

export function removeStackFile(home: Home, name: string): void {
  rmSync(pathOf(home, name), { force: true });
}

/** `undefined` when there is none, or none that can be read. */
export function readStackFile(home: Home, name: string): StackFile | undefined {
  try {
    const text = readFileSync(pathOf(home, name), "utf8");
    return z.discriminatedUnion("state", [keptSchema, startingSchema]).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The names of all stack files, readable or not. */
export function stackNames(home: Home): string[] {
  mkdirSync(home.stacks, { recursive: true });
  const files = readdirSync(home.stacks).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

function pathOf(home: Home, name: string): string {
  return join(home.stacks, `${name}.json`);
}
