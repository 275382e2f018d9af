/** From values to places: linear from zero for amounts, logarithmic for latencies, and the ticks of both. Pure. */

type Tick = { readonly value: number; readonly label: string };

export type Scale = {
  /** 0..1 of the axis, never outside. */
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
};

/** Below this a power of ten is no number any more: nothing that was measured is so small. */
const leastAmount = 1e-300;

type Label = (value: number) => string;

/** From 0 (or `from`) to a round number at or above `max`; without values to 1. */
export function linearScale(
  max: number,
  label: Label,
  options: { from?: number; to?: number } = {},
): Scale {
  const { from = 0 } = options;
  const span = max - from > leastAmount && Number.isFinite(max) ? max - from : 1;
  const step = niceStep(span / 4);
  const top = options.to ?? from + Math.ceil(span / step - 1e-9) * step;
  const ticks: Tick[] = [];
  for (let value = Math.ceil(from / step) * step; value <= top + step / 1e6; value += step) {
    ticks.push({ value, label: label(value) });
  }
  return { place: (value) => within((value - from) / (top - from)), ticks };
}

/** 1, 2 or 5 times a power of ten, at or above `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Steps of time as people count it, in milliseconds: 1, 2, 5, 10, 15, 30 seconds, minutes and so on. */
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400,
];

/** `fromMs` to `toMs`, with at most about ten ticks. */
export function timeScale(fromMs: number, toMs: number, label: Label): Scale {
  const span = Math.max(1_000, toMs - fromMs);
  const step = (timeSteps.find((seconds) => span / (seconds * 1_000) <= 10) ?? 86_400) * 1_000;
  const ticks: Tick[] = [];
  for (let value = Math.ceil(fromMs / step) * step; value <= fromMs + span; value += step) {
    ticks.push({ value, label: label(value) });
  }
  return { place: (value) => within((value - fromMs) / span), ticks };
}

/** Whole powers of ten around the values, at least one decade. What is not above 0 lies at the bottom. */
export function logScale(values: readonly number[], label: Label): Scale {
  const above = values.filter((value) => value > leastAmount && Number.isFinite(value));
  const least = above.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = above.reduce((a, b) => Math.max(a, b), 0);
  const low = above.length === 0 ? 0 : Math.floor(Math.log10(least) + 1e-9);
  const high = above.length === 0 ? 1 : Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9));
  const ticks = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
  return {
    place: (value) => (value > 0 ? within((Math.log10(value) - low) / (high - low)) : 0),
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

/** x = log10(1 ÷ (1 − p)): each nine of a percentile takes as much room as the one before. */
export function percentileScale(nines: number): Scale {
  const all = [50, 90, 99, 99.9, 99.99, 99.999];
  const ticks = all
    .slice(0, Math.max(2, nines + 1))
    .map((value) => ({ value, label: `${value}%` }));
  const top = depth(ticks.at(-1)!.value);
  return { place: (percentile) => within(depth(percentile) / top), ticks };
}

function depth(percentile: number): number {
  return percentile >= 100 ? Number.POSITIVE_INFINITY : -Math.log10(1 - percentile / 100);
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
