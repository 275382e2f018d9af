/**
 * Planted bug B21: rows are written `USING TIMESTAMP` of the writer's clock instead of the event's
 * version. Whoever's clock is ahead wins, whatever is written after it.
 * Ancestors: scylladb/scylladb #7082 and #10966, AppScale/gts #2330, hashicorp/vault #4054.
 */
import type { Bug } from "../bug.ts";

const microsOfMs = 1_000;

export function clockAsTimestamp(): Bug {
  let now = (): number => 0;
  let last = 0;
  /** Never twice the same, as drivers generate them: Cassandra would mix two rows of one. */
  const timestamp = (): number => {
    last = Math.max(last + 1, Math.round(now() * microsOfMs));
    return last;
  };
  return {
    jobClock(clock) {
      now = clock.now;
      return { ...clock };
    },
    cassandra: (api) => ({
      ...api,
      apply: (plan, rows, signal) => {
        const stamped = rows.map((row) => ({ ...row, timestampMicros: timestamp() }));
        return api.apply(plan, stamped, signal);
      },
    }),
  };
}
