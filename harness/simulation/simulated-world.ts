/** All that one seed makes: time, chance, broker, stores and fleet, and what has happened among them so far. */
import type { ClockScale } from "../../pipeline/clock.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { createPlan } from "../../simulator/plan.ts";
import { planOptionsOf } from "../scenario/plan-options.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { drawSchedule } from "./fault-schedule.ts";
import { noEffects } from "./gate.ts";
import { createMemoryCassandra } from "./memory-cassandra.ts";
import { createVirtualClock } from "./memory-clock.ts";
import { createMemoryElasticsearch } from "./memory-elasticsearch.ts";
import type { SendOutcome } from "./memory-fleet.ts";
import { run } from "./memory-jobs.ts";
import { createMemoryKafka } from "./memory-kafka.ts";
import { seededRandom } from "./seeded-random.ts";
import { createTrace } from "./trace.ts";

export type SimulatedWorld = ReturnType<typeof createWorld>;

/** `scenario`: its seed is the seed of everything. `over`: aborted when the schedule has been judged. */
export function createWorld(scenario: Scenario, over: AbortSignal) {
  const { seed, load, fleet, time, topics } = scenario;
  const plan = createPlan(planOptionsOf(scenario));
  const clock = createVirtualClock(Date.UTC(2026, 10, 1), seededRandom(seed, 3).fraction);
  const names = runNames(run);
  const created = Object.values(names.topics).map((topic) => [topic, topics.partitions] as const);
  const effects = noEffects();
  const schedule = drawSchedule(seed, load.warmUpMs + load.forMs);
  const { part, forsake } = schedule.odds;
  const troubled = (): boolean => clock.monotonicMs() < schedule.healedAtMs;
  const [items, sends] = [seededRandom(seed, 4), seededRandom(seed, 5)];
  const all = (): boolean => false;
  const half = (): boolean => items.chance(0.5);
  return {
    scenario,
    plan,
    names,
    clock,
    /** What the jobs take for the time: that of the readings. */
    jobTime: {
      origin: clock.now(),
      start: time.start,
      scale: fleet.timeScale,
    } satisfies ClockScale,
    schedule,
    random: seededRandom(seed, 2),
    kafka: createMemoryKafka({ clock, topics: Object.fromEntries(created) }),
    elasticsearch: createMemoryElasticsearch({
      clock,
      beginBulk: () => (troubled() && items.chance(part) ? half : all),
    }),
    cassandra: createMemoryCassandra({ clock }),
    trace: createTrace(),
    effects,
    /** What becomes of the fleet's next batch. */
    drawSend: (): SendOutcome => {
      if (!sends.chance(forsake)) return "acked";
      effects.forsaken += 1;
      return sends.chance(0.5) ? "answer-lost" : "never-arrived";
    },
    over,
    /** Who cannot be reached now. */
    down: new Set<"broker" | "elasticsearch" | "cassandra">(),
    /** Why instances have ended that nothing had asked to. */
    failures: [] as unknown[],
    instances: 0,
  };
}
