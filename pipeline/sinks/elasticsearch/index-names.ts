/** Names of the indices that a statement writes to: target, and suffix from the write's time. Pure. */
import { checkSuffix, suffixWildcard } from "../../kcql/index-suffix.ts";
import type { Statement } from "../../kcql/statement.ts";
import { SinkError } from "../sink.ts";
import { type IndexCalendar, indexCalendar } from "./index-calendar.ts";

/** One index, as far as its name tells. */
export type IndexPlace = {
  readonly index: string;
  /** The name as JSON text, for the bulks. */
  readonly quoted: string;
  /** End of the time it holds, epoch milliseconds; Infinity where the name tells no date. */
  readonly endMs: number;
};

export type IndexNames = {
  /** `timeMs`: of the write; a time that a `Date` can hold. */
  readonly placeOf: (timeMs: number) => IndexPlace;
  /** All its indices as a pattern, and more: others may have such a name, too. */
  readonly pattern: string;
  /** The place of an index of that very name, or undefined when the statement never writes to it. */
  readonly read: (index: string) => IndexPlace | undefined;
};

/** Different times of one run that are worth remembering: windows start at few instants. */
const rememberedTimes = 1024;

/** Errors: `SinkError` "refused" for a suffix or a name that Elasticsearch does not take. */
export function indexNames({ target, indexSuffix = "" }: Statement): IndexNames {
  const suffix = checkSuffix(indexSuffix, "compat");
  if (!suffix.ok) throw new SinkError("refused", suffix.message);
  const { format } = suffix;
  const fault = nameFault(target + format(0));
  if (fault !== undefined) throw new SinkError("refused", fault);
  const calendar = indexCalendar(indexSuffix, format);
  const places = new Map<number, IndexPlace>();
  return {
    placeOf: (timeMs) => {
      let place = places.get(timeMs);
      if (place === undefined) {
        if (places.size >= rememberedTimes) places.clear();
        place = placeAt(target + format(timeMs), calendar?.endOf(timeMs) ?? Infinity);
        places.set(timeMs, place);
      }
      return place;
    },
    pattern: target + suffixWildcard(indexSuffix),
    read: (index) => {
      if (!index.startsWith(target)) return undefined;
      return readPlace(index, index.slice(target.length), calendar, format);
    },
  };
}

function readPlace(
  index: string,
  suffix: string,
  calendar: IndexCalendar | undefined,
  format: (timeMs: number) => string,
): IndexPlace | undefined {
  // A suffix that names no date is the same at all times; one whose date leads nowhere is never recognized.
  if (calendar === undefined) return suffix === format(0) ? placeAt(index, Infinity) : undefined;
  const endMs = calendar.parse(suffix);
  return endMs === undefined ? undefined : placeAt(index, endMs);
}

function placeAt(index: string, endMs: number): IndexPlace {
  return { index, quoted: JSON.stringify(index), endMs };
}

/** Elasticsearch refuses longer ones, counted in bytes. */
const maxNameBytes = 255;

/**
 * A sentence when Elasticsearch takes no index of this name, or takes it for something else: a pattern, an exclusion,
 * a system index. Source: its reference, "Create index API".
 */
export function nameFault(name: string): string | undefined {
  const shown = JSON.stringify(name.slice(0, 100));
  const bad = /[\\/*?"<>|\s,#:]/u.exec(name)?.[0];
  if (bad !== undefined)
    return `an index cannot be called ${shown}: it holds ${JSON.stringify(bad)}`;
  if (name !== name.toLowerCase()) return `an index cannot be called ${shown}: use small letters`;
  if (/^[-_+.]/.test(name))
    return `an index cannot be called ${shown}: begin it with a letter or digit`;
  if (name === "") return "an index needs a name";
  if (Buffer.byteLength(name) <= maxNameBytes) return undefined;
  return `an index cannot be called ${shown}…: that is longer than ${maxNameBytes} bytes`;
}
