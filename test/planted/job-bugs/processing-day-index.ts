/**
 * Planted bug B20: the day in an index's name is the day of the write, not that of the window. What
 * is written again after midnight lies in two indices.
 * Ancestors: elastic/elasticsearch-metrics-reporter-java #52 (the writer's day, by its own zone),
 * uken/fluent-plugin-elasticsearch #17.
 */
import type { Bug } from "../bug.ts";

export function processingDayIndex(): Bug {
  let now = (): number => 0;
  return {
    jobClock(clock) {
      now = clock.now;
      return { ...clock };
    },
    sink(sink, store) {
      if (store !== "elasticsearch") return sink;
      return {
        ...sink,
        write(batch, signal) {
          const timeMs = Math.floor(now());
          return sink.write(
            batch.map((write) => ({ ...write, timeMs })),
            signal,
          );
        },
      };
    },
  };
}
