/**
 * Makes a lower CPU priority count between sessions. A detached child is a session of its own, and where Linux groups
 * tasks by session (`sched_autogroup_enabled`, the default of most distributions), `nice` only ranks the tasks
 * *within* one: every session gets the same share of the machine, whatever its tasks' nice value. Seen here as a
 * generator 1.4 s behind its schedule beside servers of nice 10. Source: sched(7), "The autogroup feature".
 */
import { existsSync, writeFileSync } from "node:fs";
import type { Clock } from "../../simulator/clock.ts";

/** The kernel lets an unprivileged user set one autogroup in 100 ms, of all of them together. */
const attempts = 10;
const pauseMs = 120;

/** Best effort: a machine without autogroups needs none of it, and a child that is gone minds no priority. */
export async function niceAutogroup(pid: number, nice: number, clock: Clock): Promise<void> {
  const file = `/proc/${pid}/autogroup`;
  for (let attempt = 1; attempt <= attempts && existsSync(file); attempt++) {
    try {
      writeFileSync(file, String(nice));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      await clock.sleep(pauseMs);
    }
  }
}
