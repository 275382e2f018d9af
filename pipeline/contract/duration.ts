/** Durations as scenarios and configs write them: a number and a unit, `200ms`, `30s`, `5m`, `1h`, `7d`. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `text`, or undefined when it is no duration. A bare number is none: units stand in values. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return undefined;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}
