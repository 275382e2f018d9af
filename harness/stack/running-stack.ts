/** Three servers that answer, wherever they came from: started for this run, or kept from an earlier one. */
import type { Exit, WatchedProcess } from "../process/owned-process.ts";
import type { ServerName } from "./artifacts.ts";
import type { CassandraAddress } from "./cassandra.ts";
import type { ElasticsearchAddress } from "./elasticsearch.ts";
import type { KafkaAddress } from "./kafka.ts";
import type { Restarted, RestartOptions } from "./restart-server.ts";

export type StackAddresses = {
  readonly kafka: KafkaAddress;
  readonly elasticsearch: ElasticsearchAddress;
  readonly cassandra: CassandraAddress;
};

export type StackVersions = Readonly<Record<ServerName | "java", string>>;

/** A server of the stack ended that nobody had asked to end. */
export type ServerDeath = Exit & {
  readonly server: ServerName;
  readonly logFile: string;
  readonly logTail: string;
};

type Served<Address> = Address & {
  readonly process: WatchedProcess;
  readonly logFile: string;
  /** Of its collections; absent in a stack that an older version has started. */
  readonly gcLog?: string;
};

export type RunningStack = AsyncDisposable & {
  readonly id: string;
  /** The name under which it is kept; undefined for one that ends with its harness. */
  readonly name: string | undefined;
  readonly kafka: Served<KafkaAddress>;
  readonly elasticsearch: Served<ElasticsearchAddress>;
  readonly cassandra: Served<CassandraAddress>;
  readonly versions: StackVersions;
  /** Folders that fill while it is used; the disk watcher looks at them. */
  readonly dataFolders: readonly string[];
  /** The first unasked death; stays open otherwise. */
  readonly died: Promise<ServerDeath>;
  /**
   * Ends a server and starts it again with its ports and its data; resolves when it answers. No death.
   * @throws StackError `not-restartable`, `server-died`, `not-ready`; ProcessError; the signal's reason
   */
  readonly restart: (server: ServerName, options: RestartOptions) => Promise<Restarted>;
  /**
   * Turns it into the kept stack of that name; `stop` then leaves it running.
   * @throws StackError `stack-exists`, and it stays as it was
   */
  readonly keep: (name: string) => Promise<void>;
  /**
   * Resolves when no process of it is left; a second call waits for the first. Without `keepData`
   * the servers are killed, since their data goes with them. A kept stack stays as it is.
   */
  readonly stop: (options?: { readonly keepData?: boolean }) => Promise<void>;
};
