/** `fleetproof aggregator`: the aggregator in the foreground. */
import type { Command } from "commander";
import { runInForeground } from "./run-in-foreground.ts";

type Options = { readonly bootstrap: string; readonly slot: string; readonly listen?: string };

export function addAggregatorCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("aggregator")
    .description("Aggregates readings into windows as its file says, until SIGTERM.")
    .argument("<file>", "its config, YAML or JSON")
    .requiredOption("--bootstrap <host:port>", "Kafka; several separated by commas")
    .option("--slot <n>", "of this instance among those of its group, kept over restarts", "0")
    .option(
      "--listen <host:port>",
      "where /status and /metrics are served; default: as the file says",
    )
    .addHelpText("after", help)
    .action(async (file: string, options: Options) => {
      finish(await runInForeground(aggregatorArguments(file, options)));
    });
}

/** What the entry is started with. */
export function aggregatorArguments(file: string, options: Options): readonly string[] {
  const { bootstrap, slot, listen } = options;
  const address = listen === undefined ? [] : ["--listen", listen];
  return ["aggregator", file, "--bootstrap", bootstrap, "--slot", slot, ...address];
}

const help = `
Example:
  fleetproof aggregator aggregator.yaml --bootstrap 127.0.0.1:9092 --listen 127.0.0.1:8084

More instances share the partitions; each needs a slot of its own: in a Kubernetes StatefulSet the
pod's ordinal, --slot "\${HOSTNAME##*-}".
Exit codes: 0 ended by a signal; 2 the config or an address cannot be used; 1 anything else.`;
