/**
 * Further ways into the broker, one for each stage: a listener of its own whose advertised port is another one. Clients
 * go on from the address that they are given to the one that the broker advertises; there a run's proxy listens when
 * it gives faults to that link. In a run without such faults nobody uses them.
 */
import { loopback } from "./ports.ts";

export const kafkaStages = [
  "simulator",
  "aggregator",
  "job-elasticsearch",
  "job-cassandra",
] as const;
type KafkaStage = (typeof kafkaStages)[number];

/** `broker`: where it listens. `proxy`: what it advertises there; free while no run has a proxy on it. */
type KafkaLink = { readonly broker: number; readonly proxy: number };
export type KafkaLinks = Readonly<Record<KafkaStage, KafkaLink>>;

export const linkPortCount = 2 * kafkaStages.length;

/** `ports`: `linkPortCount` of them. */
export function kafkaLinksOf(ports: readonly number[]): KafkaLinks {
  const entries = kafkaStages.map((stage, at) => {
    const [broker, proxy] = [ports[2 * at], ports[2 * at + 1]];
    if (broker === undefined || proxy === undefined) throw new Error("Too few ports for links.");
    return [stage, { broker, proxy }] as const;
  });
  return Object.fromEntries(entries) as KafkaLinks;
}

/** What they add to the values of the broker's properties. */
export function linkListeners(links: KafkaLinks): {
  readonly listeners: readonly string[];
  readonly advertised: readonly string[];
  readonly protocols: readonly string[];
  readonly properties: readonly string[];
} {
  const all = kafkaStages.map((stage) => ({ name: nameOf(stage), ...links[stage] }));
  return {
    listeners: all.map(({ name, broker }) => `${name}://${loopback}:${broker}`),
    advertised: all.map(({ name, proxy }) => `${name}://${loopback}:${proxy}`),
    protocols: all.map(({ name }) => `${name}:PLAINTEXT`),
    // Each listener has threads of its own, which mostly have nothing to do.
    properties: all.map(({ name }) => `listener.name.${name.toLowerCase()}.num.network.threads=1`),
  };
}

function nameOf(stage: KafkaStage): string {
  return `LINK_${stage.toUpperCase().replaceAll("-", "_")}`;
}
