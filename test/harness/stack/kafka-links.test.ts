import { expect, test } from "vitest";
import { kafka } from "../../../harness/stack/kafka.ts";
import {
  kafkaLinksOf,
  kafkaStages,
  linkListeners,
  linkPortCount,
} from "../../../harness/stack/kafka-links.ts";

const ports = Array.from({ length: linkPortCount }, (_, at) => 21_000 + at);

test("each stage has a listener of its own that advertises another port, no port twice", () => {
  const links = kafkaLinksOf(ports);
  expect(Object.keys(links)).toEqual([...kafkaStages]);
  const { listeners, advertised, protocols, properties } = linkListeners(links);
  expect(listeners[1]).toBe("LINK_AGGREGATOR://127.0.0.1:21002");
  expect(advertised[1]).toBe("LINK_AGGREGATOR://127.0.0.1:21003");
  expect(protocols[2]).toBe("LINK_JOB_ELASTICSEARCH:PLAINTEXT");
  expect(properties[2]).toBe("listener.name.link_job_elasticsearch.num.network.threads=1");
  const all = [...listeners, ...advertised].map((address) => address.split(":").at(-1));
  expect(new Set(all).size).toBe(linkPortCount);
});

test("the broker's own address comes first and is none of them", () => {
  const { bootstrap, links } = kafka.addressOf([20_001, 20_002, ...ports]);
  expect(bootstrap).toBe("127.0.0.1:20001");
  expect(links).toEqual(kafkaLinksOf(ports));
  expect(kafka.portCount).toBe(2 + linkPortCount);
  expect(() => kafkaLinksOf(ports.slice(1))).toThrow(/Too few ports/);
});
