/** Numbers of the command line. */

/** Fewer make no window that closes; more than ten times 10^9 nobody waits for. */
const least = 100_000;
const most = 1e10;

/** `1e9`, `200000`. Errors: `RangeError` with a sentence. */
export function readingsOf(text: string): number {
  const readings = wholeNumber("readings", text);
  if (readings >= least && readings <= most) return readings;
  throw new RangeError(`--readings ${text}: take ${least} to ${most}`);
}

/** Errors: `RangeError` with a sentence. */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value)) return value;
  throw new RangeError(`--${option} ${text}: is no whole number`);
}
