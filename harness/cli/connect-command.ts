/** `fleetproof connect`: a worker of persisting jobs in the foreground. */
import type { Command } from "commander";
import { runInForeground } from "./run-in-foreground.ts";

type Options = {
  readonly bootstrap?: string;
  readonly listen: string;
  readonly slot: string;
  readonly cluster: string;
  readonly group?: string;
  readonly set: readonly string[];
  readonly check?: true;
  readonly due?: true;
};

export function addConnectCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("connect")
    .description(
      "Runs persisting jobs as their files say, until SIGTERM: what was read is then stored.",
    )
    .argument("<file...>", "job configs in Kafka Connect's JSON")
    .option("--bootstrap <host:port>", "Kafka; several separated by commas")
    .option("--listen <host:port>", "where REST and /metrics are served", "127.0.0.1:8083")
    .option("--slot <n>", "of this worker among those of its group, kept over restarts", "0")
    .option("--cluster <name>", "workers with the same topics of configs and status", "fleetproof")
    .option("--group <name>", "workers that run the same jobs; default: the first job's name")
    .option("--set <name=value>", `what \${name} stands for in the configs; repeatable`, append, [])
    .option("--check", "only say what is wrong; with --bootstrap, ask topics and stores too")
    .option("--due", "only list the indices that retirement would close or delete now")
    .addHelpText("after", help)
    .action(async (files: readonly string[], options: Options) => {
      finish(await runInForeground(connectArguments(files, options)));
    });
}

/** What the entry is started with. */
export function connectArguments(files: readonly string[], options: Options): readonly string[] {
  const inspects = options.check === true || options.due === true;
  return [
    "connect",
    ...files,
    ...(options.bootstrap === undefined ? [] : ["--bootstrap", options.bootstrap]),
    ...["--slot", options.slot, "--cluster", options.cluster],
    ...(options.group === undefined ? [] : ["--group", options.group]),
    ...(inspects ? [] : ["--listen", options.listen]),
    ...options.set.flatMap((assignment) => ["--set", assignment]),
    ...(options.check === true ? ["--check"] : []),
    ...(options.due === true ? ["--due"] : []),
  ];
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const help = `
Examples:
  fleetproof connect elasticsearch.json --bootstrap 127.0.0.1:9092
  fleetproof connect elasticsearch.json --check --set run=r12345678
  curl -X PUT http://127.0.0.1:8083/connectors/NAME/pause

More workers of the same files share the work; each needs a slot of its own. In a Kubernetes
StatefulSet the slot is the pod's ordinal: --slot "\${HOSTNAME##*-}" --listen 0.0.0.0:8083.
/ready is its readiness, /health its liveness.
Exit codes: 0 ended by a signal, or nothing is wrong; 2 a config or an address cannot be used;
1 anything else.`;
