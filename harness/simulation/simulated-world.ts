/** All that one seed makes: time, chance, broker, stores and fleet, and what has happened among them so far. */
import type { ClockScale } from "../../pipeline/clock.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import { createPlan } from "../../simulator/plan.ts";
import { planOptionsOf } from "../scenario/plan-options.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { drawSchedule } from "./fault-schedule.ts";
import type { Effects } from "./gate.ts";
import { createMemoryCassandra } from "./memory-cassandra.ts";
import { createVirtualClock } from "./memory-clock.ts";
import { createMemoryElasticsearch } from "./memory-elasticsearch.ts";
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
  const effects: Effects = { refused: 0, lost: 0, late: 0, slow: 0, crashes: 0 };
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
    schedule: drawSchedule(seed, load.warmUpMs + load.forMs),
    random: seededRandom(seed, 2),
    kafka: createMemoryKafka({ clock, topics: Object.fromEntries(created) }),
    elasticsearch: createMemoryElasticsearch({ clock }),
    cassandra: createMemoryCassandra({ clock }),
    trace: createTrace(),
    effects,
    over,
    /** Who cannot be reached now. */
    down: new Set<"broker" | "elasticsearch" | "cassandra">(),
    /** Why instances have ended that nothing had asked to. */
    failures: [] as unknown[],
    instances: 0,
  };
}
