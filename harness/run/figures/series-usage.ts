/** What every process of a run has used so far, by name: jobs, workers, servers, and the harness itself. */
import type { SeriesUsage } from "../../report/series-shape.ts";
import type { ProcessSlots } from "../process-slots.ts";
import type { RunContext } from "../run-context.ts";

/** Some milliseconds a process: every few seconds is often enough. */
export function usageOfRun(
  { stack }: Pick<RunContext, "stack">,
  slots: Pick<ProcessSlots, "usage">,
): Readonly<Record<string, SeriesUsage>> {
  const servers = {
    kafka: stack.kafka,
    elasticsearch: stack.elasticsearch,
    cassandra: stack.cassandra,
  };
  const all = {
    ...slots.usage(),
    ...Object.fromEntries(
      Object.entries(servers).map(([name, { process: server }]) => [name, server.usage()]),
    ),
    harness: ownUsage(),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, { cpuSeconds, maxRssBytes }]) => [
      name,
      { cpuSeconds, maxRssBytes },
    ]),
  );
}

export function ownUsage(): SeriesUsage {
  const { user, system } = process.cpuUsage();
  const maxRssBytes = process.resourceUsage().maxRSS * 1024;
  return { cpuSeconds: (user + system) / 1e6, maxRssBytes };
}
