/**
 * Where a job puts the document of a device and window: its index and its id, learned from one document that a search
 * has found, since how a job forms them is its own affair. Known are only such as hold nothing but the device, the
 * window's start and, in the index, its UTC day. Pure.
 */
import type { ProbeTarget } from "./visibility-probe.ts";

export type DocumentPlace = { readonly index: string; readonly id: string };

export type PlaceOf = (target: ProbeTarget) => DocumentPlace;

/** How a time may be written in an id. */
const times: readonly ((ms: number) => string)[] = [
  (ms) => new Date(ms).toISOString(),
  (ms) => new Date(ms).toISOString().replace(".000Z", "Z"),
  (ms) => `${ms}`,
];

/** How a day may be written in the name of an index. */
const days: readonly ((ms: number) => string)[] = ["-", ".", ""].map(
  (between) => (ms) => new Date(ms).toISOString().slice(0, 10).replaceAll("-", between),
);

/** Undefined: its id holds something else, or not both. */
export function learnPlace(seen: DocumentPlace & ProbeTarget): PlaceOf | undefined {
  const { index, id, device, windowStart } = seen;
  const time = times.find((text) => id.includes(text(windowStart)));
  if (time === undefined || !id.includes(device) || device === "") return undefined;
  const idOf = (target: ProbeTarget): string =>
    id.replace(device, () => target.device).replace(time(windowStart), time(target.windowStart));
  // What is left besides is punctuation, or it would be different for every device.
  const rest = id.replace(device, "").replace(time(windowStart), "");
  if (/[\p{L}\p{N}]/u.test(rest)) return undefined;
  const day = days.find((text) => index.includes(text(windowStart)));
  const indexOf = ({ windowStart: start }: ProbeTarget): string =>
    day === undefined ? index : index.replace(day(windowStart), day(start));
  return (target) => ({ index: indexOf(target), id: idOf(target) });
}
