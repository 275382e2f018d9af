/** What memory a process holds, as benches and proofs measure it. */

/** Without garbage, where the process was started with `--expose-gc`. */
export function memoryNow(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

export function aliveIn({ heapUsed, arrayBuffers }: NodeJS.MemoryUsage): number {
  return heapUsed + arrayBuffers;
}
