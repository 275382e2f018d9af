/** What the servers can say against a job before it starts, by key; their silence says nothing. */
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka } from "../../../../harness/simulation/memory-kafka.ts";
import { checkJob } from "../../../../pipeline/connect/worker/check-job.ts";
import { KafkaError } from "../../../../pipeline/kafka/port.ts";
import { type Sink, SinkError } from "../../../../pipeline/sinks/sink.ts";
import { config, topic } from "./worker-bench.ts";

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function check(open: Sink["open"], find?: () => Promise<never>) {
  const clock = createVirtualClock(0);
  const { topics } = createMemoryKafka({ clock, topics: { [topic]: 1 } }).connect();
  let closed = 0;
  const sink: Sink = {
    open,
    write: async () => [],
    close: async () => {
      closed += 1;
    },
  };
  const kafka = { topics: find === undefined ? topics : { ...topics, find } };
  const checks = { kafka, context: { variables: {} }, createSink: () => sink, clock, log };
  const checked = checkJob({ name: "job", config: config("temps") }, checks);
  return clock.runUntil(checked, 60_000).then((result) => {
    if (find === undefined) expect(closed).toBe(1);
    return result.ok ? [] : result.errors;
  });
}

test("a store that takes the job says nothing against it", async () => {
  expect(await check(async () => {})).toEqual([]);
});

test("refused credentials are a fault of who we are", async () => {
  const errors = await check(async () => {
    throw new SinkError("refused", "the cluster refused the credentials (401)");
  });
  expect(errors).toMatchObject([{ key: "connect.elastic.use.http.username" }]);
});

test("a mapping that conflicts is a fault of the statement", async () => {
  const errors = await check(async () => {
    throw new SinkError("refused", "index temps maps window.start as text");
  });
  expect(errors).toEqual([
    {
      key: "connect.elastic.kcql",
      message: "is refused by the store: index temps maps window.start as text",
    },
  ]);
});

test("a store that hangs over everything keeps nobody from starting", async () => {
  const deaf = () => new Promise<never>(() => {});
  expect(await check(deaf)).toEqual([]);
});

test("a store or a Kafka that does not answer refuses nothing", async () => {
  const unavailable = async () => {
    throw new SinkError("unavailable", "connection refused");
  };
  expect(await check(unavailable)).toEqual([]);
  const hanging = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  expect(await check(hanging)).toEqual([]);
  const away = async () => {
    throw new KafkaError("unavailable", "nobody answers", { definite: true });
  };
  expect(await check(async () => {}, away)).toEqual([]);
});
