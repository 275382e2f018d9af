/** Cassandra in memory, as the contract suite wants it. */
import { createMemoryCassandra } from "../../../harness/simulation/memory-cassandra.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import { createCassandraSink } from "../../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { cassandraKcql, cassandraKcqlInto, cassandraSettings } from "./sample-jobs.ts";
import { midnight, statementOf } from "./sample-writes.ts";
import { agingDays, type SinkFixture, type StoredRow } from "./sink-fixture.ts";

export async function memoryCassandraFixture(): Promise<SinkFixture> {
  const store = createMemoryCassandra({ clock: systemClock });
  const statement = statementOf(cassandraKcql);
  const second = statementOf(cassandraKcqlInto("copies", "UPSERT"));
  const aging = statementOf(`${cassandraKcqlInto("aging")} TTL=${agingDays * 86_400}`);
  return {
    statement,
    second,
    aging,
    createSink: (now = () => midnight) =>
      createCassandraSink({
        api: store.connect(),
        settings: cassandraSettings("nowhere", 9042, "datacenter1", "temps"),
        statements: [statement, second, aging],
        now,
      }),
    read: async ({ target }) => {
      const rows = [...store.rows("temps", target).values()].map(
        ({ device, start, count, sum, mean, digest, home, day }) =>
          ({ device, start, count, sum, mean, digest, home, place: day }) as StoredRow,
      );
      return new Map(rows.map((row) => [`${row.device}@${row.start}`, row]));
    },
    placeOf: (day) => day,
    fault: store.fault,
    refuse: async (on) => store.fault(on ? "unavailable" : undefined),
    connections: () => 0,
    close: async () => {},
  };
}
