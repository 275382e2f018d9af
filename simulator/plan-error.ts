/** A fleet that cannot exist. Scenario validation says so earlier and with a line number; this is the last guard. */
import type { PlanOptions } from "./plan.ts";

export class PlanError extends Error {
  readonly code = "impossible-plan";

  constructor(message: string) {
    super(message);
    this.name = "PlanError";
  }
}

/** Shares that add up to 1 on paper may add up to a little more here. */
const rounding = 1e-9;

/** Errors: `PlanError`, for the first value found that no fleet can have. */
export function refuseImpossible(options: PlanOptions): void {
  const { devices, everyMs, startAt, loadMs, partitions, window, mix } = options;
  whole("seed", options.seed, Number.MIN_SAFE_INTEGER);
  whole("devices", devices, 1);
  whole("everyMs", everyMs, 1);
  whole("startAt", startAt, 0);
  whole("loadMs", loadMs, 1);
  whole("partitions", partitions, 1);
  whole("window.sizeMs", window.sizeMs, 1);
  whole("window.graceMs", window.graceMs, 0);
  whole("window.retentionMs", window.retentionMs, window.graceMs);
  whole("window.aheadMs", window.aheadMs, 2);
  whole("window.quorum", window.quorum, 1);
  // Devices are sorted by one number made of both.
  if (everyMs >= 2 ** 32 || !Number.isSafeInteger(everyMs * devices)) {
    throw new PlanError(`an interval of ${everyMs} ms is too long for ${devices} devices`);
  }
  refuseOdd(options);
  // `seq` and the queue's `index` are 32-bit numbers.
  if (loadMs / everyMs >= 2 ** 31) throw new PlanError("a device would send over 2^31 readings");
  const { duplicated, wrongClock = 0, ...exclusive } = mix;
  for (const [name, share] of Object.entries(mix)) {
    if (!(share >= 0 && share <= 1)) throw new PlanError(`${name}: ${share} is no share`);
  }
  const unusual = Object.values(exclusive).reduce((sum, share) => sum + share, wrongClock);
  if (unusual > 1 + rounding) throw new PlanError(`the shares of the mix add up to ${unusual}`);
  if (duplicated > 1 - unusual + rounding)
    throw new PlanError("only on-time readings can be duplicated");
  if (mix.revising > 0 && window.retentionMs - window.graceMs <= 2 * everyMs) {
    throw new PlanError(
      "revising readings need a retention that is over two intervals longer than the grace",
    );
  }
}

/** Longer than anything may be late: then 1970 is a wrong time, and ten years ahead one that an aggregate can carry. */
const wrongFrom = Date.UTC(2000, 0, 1);
const wrongTo = Date.UTC(2200, 0, 1);

function refuseOdd(options: PlanOptions): void {
  const { startAt, loadMs, mix, rebooted = 0 } = options;
  if (!(rebooted >= 0 && rebooted <= 0.5)) {
    throw new PlanError(`rebooted: ${rebooted} is no share of at most a half`);
  }
  if ((mix.wrongClock ?? 0) > 0 && !(startAt >= wrongFrom && startAt + loadMs <= wrongTo)) {
    throw new PlanError("wrong clocks need a load between the years 2000 and 2200");
  }
  refuseHot(options);
}

function refuseHot({ devices, everyMs, loadMs, hot }: PlanOptions): void {
  if (hot === undefined) return;
  whole("hot.devices", hot.devices, 0);
  whole("hot.everyMs", hot.everyMs, 1);
  if (hot.devices > devices) throw new PlanError(`${hot.devices} hot devices of ${devices}`);
  if (everyMs % hot.everyMs !== 0) {
    throw new PlanError(`${everyMs} ms is no multiple of the hot devices' ${hot.everyMs} ms`);
  }
  // The audit tells 2^21 readings of a device apart.
  if (loadMs / hot.everyMs >= 2 ** 21) {
    throw new PlanError("a hot device would send over 2^21 readings");
  }
}

function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new PlanError(`${name}: ${value} is no whole number of at least ${least}`);
}
