/** What the three servers have in common for whoever starts them. */
import type { OwnedProcess } from "../process/owned-process.ts";
import type { ServerName } from "./artifacts.ts";
import type { Java } from "./java.ts";
import type { ToolContext } from "./run-tool.ts";

export type ServerContext = ToolContext & {
  readonly java: Java;
  /** Its files in the cache; not written to. */
  readonly files: string;
  /** Its own, exists, empty. */
  readonly data: string;
  readonly logFile: string;
  readonly nice: number;
  /** Of the server itself. */
  readonly compiler: Compiler;
  readonly ports: readonly number[];
  readonly purpose: string;
};

export type ServerKind<Address> = {
  readonly name: ServerName;
  readonly title: string;
  readonly portCount: number;
  /** Writes its configuration and starts it; resolves before it is ready. */
  readonly launch: (context: ServerContext) => Promise<OwnedProcess>;
  /** A text that its log must hold before it is worth asking. */
  readonly readyLine?: string;
  /** Where it logs its collections, in its data folder. */
  readonly gcLog: string;
  readonly addressOf: (ports: readonly number[]) => Address;
  /** Asks it what a client would ask; rejects while there is no good answer. */
  readonly probe: (address: Address) => Promise<void>;
};

/** How long one question of a probe may take. */
export const probeTimeoutMs = 3_000;

/**
 * `quick`: HotSpot's first compiler only. `full`: the optimizing one, too, which takes more than it gives for the first
 * minutes: on two cores a cold stack with it is ready in 20 s instead of 10 s, and the stores then spend 160 µs a row
 * instead of 100 µs, because the compiler's own threads take a core away from the load. Warm, it is far ahead.
 */
export type Compiler = "quick" | "full";

/** For a Java program of a second or two, which the optimizing compiler would only delay. */
export const shortLived = "-XX:TieredStopAtLevel=1";

export const gcLogName = "gc.log";

/**
 * A line a collection, with the time of day, in the folder that it starts in: `process/pauses/gc-log.ts` reads them. As
 * the sizes are, they hold the last million collections or so, and the last five lives.
 */
export const gcLogFlag = `-Xlog:gc:file=${gcLogName}:time:filecount=5,filesize=20m`;

export function compilerFlags(compiler: Compiler): readonly string[] {
  return compiler === "quick" ? [shortLived] : [];
}
