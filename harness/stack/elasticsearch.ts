/**
 * Elasticsearch as a child process: one node without security. Its starter ends as the leader of the
 * group that holds the server itself. It refuses to run as root and then runs as `nobody`, from a copy
 * of its files that `nobody` can reach (a cache below /root is closed to it).
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { spawnProcess } from "../process/spawn-process.ts";
import { loopback } from "./ports.ts";
import {
  compilerFlags,
  probeTimeoutMs,
  type ServerContext,
  type ServerKind,
  shortLived,
} from "./server-kind.ts";
import { giveTo, isRoot, unprivilegedUser } from "./server-user.ts";

export type ElasticsearchAddress = { readonly node: string };

export const elasticsearch: ServerKind<ElasticsearchAddress> = {
  name: "elasticsearch",
  title: "Elasticsearch",
  /** By its own `jvm.options`, in the folder that it starts in: that of its logs. */
  gcLog: "logs/gc.log",
  portCount: 2,
  addressOf: ([port]) => ({ node: `http://${loopback}:${port}` }),
  async launch(context) {
    const { java, files, data, logFile, nice, registry, clock, purpose } = context;
    const user = isRoot() ? await unprivilegedUser() : undefined;
    const home = user === undefined ? files : join(data, "home");
    if (user !== undefined) await cp(files, home, { recursive: true });
    configure(context);
    if (user !== undefined) await giveTo(user, data);
    const env = {
      ES_JAVA_HOME: java.home,
      ES_JAVA_OPTS: ["-Xms1g", "-Xmx1g", ...compilerFlags(context.compiler)].join(" "),
      ES_PATH_CONF: join(data, "config"),
      ES_TMPDIR: join(data, "tmp"),
      CLI_JAVA_OPTS: starterOptions(join(data, "tmp")),
    };
    const start = { command: "bash", args: [join(home, "bin/elasticsearch")], env, cwd: data };
    const options = { ...start, ...user, logFile, nice, registry, clock, purpose };
    return await spawnProcess({ name: "elasticsearch", ...options });
  },
  /** `GET /` is absent from this distribution; its health is not. */
  async probe({ node }) {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const response = await fetch(`${node}/_cluster/health`, { signal });
    if (!response.ok) throw new Error(`its health answered ${response.status}`);
    const { status } = (await response.json()) as { readonly status: string };
    if (status === "red") throw new Error("its health is red");
  },
};

/** Its script splits them at spaces: a folder with one in its name leaves an empty folder in the system's. */
function starterOptions(temporary: string): string {
  return /\s/.test(temporary) ? shortLived : `${shortLived} -Djava.io.tmpdir=${temporary}`;
}

function configure({ files, data, ports: [port, transportPort] }: ServerContext): void {
  for (const folder of ["config", "config/jvm.options.d", "tmp", "data", "logs"]) {
    mkdirSync(join(data, folder));
  }
  for (const file of ["jvm.options", "log4j2.properties"]) {
    copyFileSync(join(files, "config", file), join(data, "config", file));
  }
  const settings = `cluster.name: fleetproof
node.name: n1
network.host: ${loopback}
http.port: ${port}
transport.port: ${transportPort}
discovery.type: single-node
path.data: ${JSON.stringify(join(data, "data"))}
path.logs: ${JSON.stringify(join(data, "logs"))}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
cluster.info.update.interval: 10s
`;
  writeFileSync(join(data, "config/elasticsearch.yml"), settings);
}
