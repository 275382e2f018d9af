/**
 * The links of a run that its scenario disturbs: each gets a proxy, and the processes of its stage the proxy's address
 * instead of the server's. A link without a fault has none: nothing may slow the ordinary run.
 */
import type { Clock } from "../../simulator/clock.ts";
import { drawFrom, seedWord } from "../../simulator/scramble.ts";
import type { Links } from "../faults/fault-ports.ts";
import { type LinkProxy, openLinkProxy } from "../faults/network/link-proxy.ts";
import { openOverloadProxy } from "../faults/network/overload-proxy.ts";
import { type Link, links } from "../scenario/fault-kinds/fault-definition.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { KafkaLinks } from "../stack/kafka-links.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { NotStartedError } from "./child.ts";

/** Where the processes of a stage reach a server, where that is not the server's own port. On 127.0.0.1. */
export type LinkPorts = { readonly portOf: (link: Link) => number | undefined };

export type RunLinks = AsyncDisposable & LinkPorts & Links;

type LinkStack = Pick<RunningStack, "name" | "kafka" | "elasticsearch" | "cassandra">;
type Address = { readonly host: string; readonly port: number };

/** Errors: `NotStartedError` for a stack that cannot give these faults, or a port that is taken. */
export async function openRunLinks(
  { faults, seed }: Pick<Scenario, "faults" | "seed">,
  stack: LinkStack,
  clock: Clock,
): Promise<RunLinks> {
  await using opening = new AsyncDisposableStack();
  const open = new Map<Link, { readonly proxy: LinkProxy; readonly overload?: LinkProxy }>();
  for (const [index, link] of links.entries()) {
    const steps = faults.filter(({ target }) => target === link);
    if (steps.length === 0) continue;
    const server = serverOf(link, stack);
    const common = { clock, random: createRandom(seed, index) };
    const listen = async (upstream: Address): Promise<LinkProxy> =>
      opening.use(await openLinkProxy({ ...common, upstream, port: server.listenAt }));
    try {
      if (!steps.some(({ kind }) => kind === "overload")) {
        open.set(link, { proxy: await listen(server) });
        continue;
      }
      const overload = opening.use(await openOverloadProxy(server, clock));
      const proxy = await listen({ host: server.host, port: overload.port });
      open.set(link, { proxy, overload });
    } catch (cause) {
      throw new NotStartedError(portTaken(link, server.listenAt, cause), { cause });
    }
  }
  const opened = opening.move();
  return {
    portOf: (link) => open.get(link)?.proxy.port,
    disturb(target, toxic) {
      const link = open.get(target as Link);
      const proxy = toxic.kind === "overload" ? link?.overload : link?.proxy;
      if (proxy === undefined) throw new Error(`No proxy of this run is on the link ${target}.`);
      return proxy.begin(toxic);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** `listenAt`: the port on which the server's clients look for it; 0 for any. */
function serverOf(link: Link, stack: LinkStack): Address & { readonly listenAt: number } {
  const { kafka, elasticsearch, cassandra, name } = stack;
  if (link === "job-elasticsearch/elasticsearch") {
    const { hostname, port } = new URL(elasticsearch.node);
    return { host: hostname, port: Number(port), listenAt: 0 };
  }
  if (link === "job-cassandra/cassandra") {
    return { host: cassandra.contactPoint, port: cassandra.port, listenAt: 0 };
  }
  const ports = kafka.links?.[link.split("/")[0] as keyof KafkaLinks];
  if (ports === undefined) throw new NotStartedError(tooOld(name ?? "of this run", link));
  return { host: "127.0.0.1", port: ports.broker, listenAt: ports.proxy };
}

function tooOld(stack: string, link: Link): string {
  const why = `The stack ${stack} cannot give faults on ${link}: an older version has started it`;
  const can = links.filter((each) => !each.endsWith("/kafka")).join(" and ");
  const renewal = `fleetproof stack down ${stack} && fleetproof stack up ${stack}`;
  return `${why}. It can on ${can}; for Kafka's links start it anew: ${renewal}`;
}

function portTaken(link: Link, port: number, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  const hint =
    port === 0
      ? "look at what holds this machine's ports"
      : "another run on this stack may disturb the same link: wait for it, or use another stack";
  return `No proxy could listen for the link ${link} (${why}); ${hint}.`;
}

/** Keeps these draws apart from those of the plan and of the steps' moments. */
const purpose = 0x11bc;
const wordRange = 2 ** 32;

function createRandom(seed: number, link: number): () => number {
  const word = drawFrom(drawFrom(seedWord(seed), purpose), link + 1);
  let draws = 0;
  return () => drawFrom(word, ++draws) / wordRange;
}
