/**
 * Keeps a job on one core and the broker on the others, so that two jobs that are compared have the
 * same processors.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

export type Cores = "one" | "all";

/**
 * Places both for as long as `act` takes; afterwards both may run anywhere. It asks Linux's
 * `taskset`, which the threads that come later inherit; elsewhere, or with a single core, nothing
 * is placed: `canPlace` says so beforehand.
 */
export async function placed<T>(
  { job, broker }: { readonly job: number; readonly broker: number },
  cores: Cores,
  act: () => Promise<T>,
): Promise<T> {
  if (cores === "all" || !canPlace()) return await act();
  pin(job, "0");
  pin(broker, rest());
  try {
    return await act();
  } finally {
    pin(job, everywhere());
    pin(broker, everywhere());
  }
}

export function canPlace(): boolean {
  return availableParallelism() > 1 && pin(process.pid, everywhere());
}

const all = availableParallelism();
const rest = (): string => `1-${all - 1}`;
const everywhere = (): string => `0-${all - 1}`;

/** `cores` as `taskset --cpu-list` has them. */
function pin(pid: number, cores: string): boolean {
  const { status } = spawnSync("taskset", ["-a", "-p", "-c", cores, `${pid}`], { stdio: "ignore" });
  return status === 0;
}
