import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openRunLinks } from "../../../harness/run/links.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { kafkaStages } from "../../../harness/stack/kafka-links.ts";
import { freePorts } from "../../../harness/stack/ports.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";

/** A server that says who it is to whoever comes. */
async function server(name: string): Promise<number> {
  const listener = createServer((socket) => {
    socket.on("error", () => undefined).end(name);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

async function stackOf({ old = false } = {}) {
  const [store, broker] = [await server("store"), await server("broker")];
  const proxies = await freePorts(kafkaStages.length);
  const entries = kafkaStages.map((stage, at) => [stage, { broker, proxy: proxies[at] ?? 0 }]);
  const links = Object.fromEntries(entries);
  const stack = {
    name: "kept",
    kafka: { bootstrap: "127.0.0.1:1", ...(old ? {} : { links }) },
    elasticsearch: { node: `http://127.0.0.1:${store}` },
    cassandra: { contactPoint: "127.0.0.1", port: store },
  };
  return { stack: stack as unknown as Parameters<typeof openRunLinks>[1], proxies };
}

const cut = (target: string): FaultStep => ({ kind: "cut", target, atMs: 0, forMs: 1 });

async function answerAt(port: number | undefined): Promise<string> {
  const socket = connect(port ?? 0, "127.0.0.1");
  const [bytes] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return bytes.toString();
}

test("a link with a fault has a proxy, where its clients look for the server; others have none", async () => {
  const { stack, proxies } = await stackOf();
  const faults = [cut("aggregator/kafka"), cut("job-cassandra/cassandra")];
  await using links = await openRunLinks({ faults, seed: 1 }, stack, clock);
  expect(links.portOf("aggregator/kafka")).toBe(proxies[1]);
  expect(await answerAt(links.portOf("aggregator/kafka"))).toBe("broker");
  expect(await answerAt(links.portOf("job-cassandra/cassandra"))).toBe("store");
  expect(links.portOf("simulator/kafka")).toBeUndefined();
  expect(() => links.disturb("simulator/kafka", { kind: "refuse" })).toThrow(/No proxy/);
  await links.disturb("aggregator/kafka", { kind: "refuse" }).end();
  expect(await answerAt(links.portOf("aggregator/kafka"))).toBe("broker");
});

test("an overload and a cut of the same link have a proxy each, one before the other", async () => {
  const { stack } = await stackOf();
  const target = "job-elasticsearch/elasticsearch";
  const faults: FaultStep[] = [{ kind: "overload", target, atMs: 0, forMs: 1 }, cut(target)];
  await using links = await openRunLinks({ faults, seed: 1 }, stack, clock);
  const overload = links.disturb(target, { kind: "overload", share: 1 });
  const both = links.disturb(target, { kind: "refuse" });
  await Promise.all([overload.end(), both.end()]);
});

test("a stack that an older version has started says which links it can disturb, and what to do", async () => {
  const { stack } = await stackOf({ old: true });
  const opening = openRunLinks({ faults: [cut("simulator/kafka")], seed: 1 }, stack, clock);
  await expect(opening).rejects.toMatchObject({ name: "NotStartedError" });
  await expect(opening).rejects.toThrow(
    /kept cannot give faults on simulator\/kafka.*can on job-elasticsearch\/elasticsearch and job-cassandra\/cassandra.*stack down kept/,
  );
});

test("a port that another run's proxy has is said so, and nothing stays open", async () => {
  const { stack } = await stackOf();
  const faults = [cut("aggregator/kafka")];
  {
    await using first = await openRunLinks({ faults, seed: 1 }, stack, clock);
    expect(first.portOf("aggregator/kafka")).toBeDefined();
    const all = { faults: [cut("simulator/kafka"), ...faults], seed: 1 };
    await expect(openRunLinks(all, stack, clock)).rejects.toThrow(/another run on this stack/);
  }
  await using again = await openRunLinks(
    { faults: [cut("simulator/kafka"), ...faults], seed: 1 },
    stack,
    clock,
  );
  expect(again.portOf("simulator/kafka")).toBeDefined();
});
