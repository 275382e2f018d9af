/** What a schedule has for a given time: it begins then, and is over when this resolves. */
import type { StageName, Trouble } from "./fault-schedule.ts";
import type { Slot } from "./instances.ts";
import { writePhantom } from "./phantom.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

/** `first`: the instances that were there from the beginning. `visit`: starts one more. */
export async function playTrouble(
  { clock, down, kafka, names, plan, elasticsearch, cassandra }: SimulatedWorld,
  trouble: Trouble,
  first: Readonly<Record<StageName, Slot>>,
  visit: (stage: StageName) => Slot,
): Promise<void> {
  const { kind, of, atMs, forMs } = trouble;
  await clock.sleep(atMs);
  if (kind === "visit") {
    const visitor = visit(of);
    await clock.sleep(forMs);
    await visitor.leave();
  } else if (kind === "outage") {
    down.add(of);
    await clock.sleep(forMs);
    down.delete(of);
  } else if (kind === "phantom") {
    const stranger = kafka.connect("phantom");
    await writePhantom(stranger, names.topics.aggregated, plan, { clock, forMs });
  } else if (kind === "overload") {
    const store = of === "elasticsearch" ? elasticsearch : cassandra;
    store.fault("overloaded");
    await clock.sleep(forMs);
    store.fault(undefined);
  } else if (kind === "read-only") {
    elasticsearch.fault("read-only");
    await clock.sleep(forMs);
    elasticsearch.fault(undefined);
  } else {
    first[of].hold();
    await clock.sleep(forMs);
    first[of].release();
  }
}
