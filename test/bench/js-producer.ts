/** The producers of this repository and its peers in JavaScript, each in a process of its own for all its rounds. */
import { fileURLToPath } from "node:url";
import type { ProducingRound, RoundFigures } from "./hot-producing.ts";
import type { OwnKafka } from "./own-kafka.ts";
import { startRounds } from "./rounds-process.ts";

export type JsClient = "hot-readings" | "hot-records" | "kafkajs" | "library";

export type JsProducer = AsyncDisposable & {
  readonly produce: (topic: string, records: number) => Promise<RoundFigures>;
};

/** What the process is told of a round, as JSON. */
export type RoundLine = ProducingRound & { readonly recordBytes: number };

const entry = fileURLToPath(new URL("./producing-process.ts", import.meta.url));

export function startJsProducer(
  { bootstrap, signal }: Pick<OwnKafka, "bootstrap" | "signal">,
  client: JsClient,
  { partitions, recordBytes }: Pick<RoundLine, "partitions" | "recordBytes">,
): JsProducer {
  // kafkajs computes with a time of its own that Node finds negative; its warning would be all that one sees of it.
  const quiet = "--disable-warning=TimeoutNegativeWarning";
  const rounds = startRounds(client, process.execPath, [quiet, entry, client], signal);
  return {
    produce(topic, records) {
      const round: RoundLine = { bootstrap, topic, partitions, records, recordBytes };
      return rounds.ask(JSON.stringify(round), (line) => JSON.parse(line) as RoundFigures);
    },
    [Symbol.asyncDispose]: () => rounds[Symbol.asyncDispose](),
  };
}
