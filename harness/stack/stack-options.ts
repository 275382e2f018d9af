/** What whoever wants a local stack says, and what it is told meanwhile. */
import type { Registry } from "../process/registry.ts";
import type { ServerName } from "./artifacts.ts";
import type { DiskLoad } from "./disk.ts";
import type { FetchProgress } from "./fetch-progress.ts";
import type { Home } from "./home.ts";
import type { ToolContext } from "./run-tool.ts";
import type { Compiler } from "./server-kind.ts";

export type StackProgress =
  | FetchProgress
  | {
      readonly phase: "starting" | "ready";
      readonly server: ServerName;
      readonly elapsedMs: number;
    }
  | {
      readonly phase: "orphans-ended";
      readonly processes: number;
      readonly folders: number;
    };

export type StackOptions = ToolContext & {
  /** In the names of its folders; of `[a-z0-9-]`. */
  readonly id: string;
  /** Gets `logs/` and, while it runs, `data/`. */
  readonly folder: string;
  readonly home: Home;
  readonly registry: Registry;
  /** Where to look for Java and Maven; by default this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Keeps it under this name as soon as it is ready. */
  readonly keepName?: string;
  /** `full` by default; `quick` for a stack that ends after a few minutes. */
  readonly compiler?: Compiler;
  readonly onProgress?: (progress: StackProgress) => void;
  /** What will be asked of it; refused when the disk is too small for it. */
  readonly load?: DiskLoad;
};
