/**
 * Puts a server's files together in a work folder, through the user's own Maven, whose mirrors,
 * proxies and credentials apply: so no address of any registry stands in this product.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Artifact, artifacts, pomOf, type ServerName } from "./artifacts.ts";
import type { Java } from "./java.ts";
import { firstError } from "./maven-output.ts";
import { runTool, type ToolContext } from "./run-tool.ts";

export type AssembleOptions = ToolContext & {
  readonly java: Java;
  /** The Maven program; `mvn` from the PATH unless given. */
  readonly maven?: string;
};

type Jars = Extract<Artifact, { kind: "jars" }>;
type Distribution = Extract<Artifact, { kind: "distribution" }>;

export function mavenLog(work: string): string {
  return join(work, "maven.log");
}

/** Resolves to the folder below `work` that is to be published; throws an `Error` that says why not. */
export async function assemble(
  server: ServerName,
  work: string,
  options: AssembleOptions,
): Promise<string> {
  const artifact = artifacts[server];
  const output = join(work, "files");
  mkdirSync(output);
  if (artifact.kind === "jars") await copyJars(artifact, work, output, options);
  else await unpackDistribution(artifact, work, output, options);
  return output;
}

/** `-C`: a jar whose checksum is wrong or missing ends the build. */
async function copyJars(artifact: Jars, work: string, output: string, options: AssembleOptions) {
  const pom = join(work, "pom.xml");
  writeFileSync(pom, pomOf(artifact));
  const goal = ["-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime"];
  await maven(["-C", ...goal, `-DoutputDirectory=${output}`], work, options);
  const jars = readdirSync(output).filter((file) => file.endsWith(".jar")).length;
  if (jars !== artifact.jars) {
    throw new Error(`Maven copied ${jars} jars where ${artifact.jars} belong together.`);
  }
}

/** Without `-C`, because there is no checksum file to compare with: the pinned SHA-512 stands in. */
async function unpackDistribution(
  artifact: Distribution,
  work: string,
  output: string,
  options: AssembleOptions,
) {
  const { group, artifact: name, version, sha512 } = artifact;
  const goal = ["dependency:copy", `-Dartifact=${group}:${name}:${version}:zip`];
  await maven([...goal, `-DoutputDirectory=${work}`], work, options);
  const zip = join(work, `${name}-${version}.zip`);
  const hash = createHash("sha512");
  await pipeline(createReadStream(zip), hash);
  const found = hash.digest("hex");
  if (found !== sha512) {
    throw new Error(`${name}-${version}.zip has SHA-512 ${found}, not the pinned ${sha512}.`);
  }
  const unpacked = join(work, "unpacked");
  mkdirSync(unpacked);
  await unzip(zip, unpacked, work, options);
  await rm(output, { recursive: true });
  await rename(join(unpacked, `${name}-${version}`), output);
  // `jar` forgets which files are programs, and the zip keeps its settings from other users.
  for (const program of readdirSync(join(output, "bin"))) {
    await chmod(join(output, "bin", program), 0o755);
  }
}

/** The JDK's own `jar` does it; a runtime without one needs `unzip`. */
async function unzip(zip: string, target: string, work: string, options: AssembleOptions) {
  const jar = join(options.java.home, "bin", "jar");
  const [command, args] = existsSync(jar) ? [jar, ["xf", zip]] : ["unzip", ["-q", zip]];
  const logFile = join(work, "unzip.log");
  const run = await runTool({ name: "unzip", command, args, cwd: target, logFile }, options);
  if (run.ok) return;
  const reason = run.output.trim().split("\n")[0] || "it said nothing";
  throw new Error(`the zip could not be unpacked with ${command}: ${reason}.`);
}

async function maven(args: readonly string[], work: string, options: AssembleOptions) {
  const run = await runTool(
    {
      name: "maven",
      command: options.maven ?? "mvn",
      args: ["-B", ...args],
      env: { JAVA_HOME: options.java.home },
      cwd: work,
      logFile: mavenLog(work),
    },
    options,
  ).catch((cause: unknown) => {
    if (options.signal.aborted) throw cause;
    throw new Error("Maven (`mvn`) could not be started; is it installed?", { cause });
  });
  if (run.ok) return;
  const reason = firstError(run.output) ?? run.output.trim().split("\n")[0] ?? "it said nothing";
  throw new Error(`Maven said: ${reason}`);
}
