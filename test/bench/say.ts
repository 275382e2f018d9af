/** What a benchmark or a proof says while it goes on. */

export function say(line: string): void {
  console.error(`[${Math.round(process.uptime())} s] ${line}`);
}
