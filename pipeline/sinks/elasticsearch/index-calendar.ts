/**
 * Which stretch of time an index holds, from the `{date patterns}` of its suffix: that of the smallest unit
 * named, which is a day in `-{yyyy.MM.dd}` and a month in `-{yyyy.MM}`. Pure; UTC.
 * Only what leads back to one date has a calendar: every unit from the year down to the smallest, and letters
 * that mean what they look like (no week-based years). An index without one is never past its days.
 */

export type IndexCalendar = {
  /** End of the stretch that `timeMs` lies in; epoch milliseconds, exclusive. */
  readonly endOf: (timeMs: number) => number;
  /** End of the stretch that a suffix written out stands for; undefined when the suffix never gives this text. */
  readonly parse: (text: string) => number | undefined;
};

/** In falling size; the place of each in `Date.UTC`. */
const units = ["year", "month", "day", "hour", "minute", "second"] as const;
type Unit = (typeof units)[number];

const letters: Readonly<Record<string, Unit>> = {
  yyyy: "year",
  yy: "year",
  MM: "month",
  dd: "day",
  HH: "hour",
  mm: "minute",
  ss: "second",
};

/** `format`: the suffix written out for a time, as the sink does it. It has the last word on what parses. */
export function indexCalendar(
  suffix: string,
  format: (timeMs: number) => string,
): IndexCalendar | undefined {
  const found: Unit[] = [];
  let pattern = "";
  for (const piece of suffix.split(/(\{[^{}]*\})/)) {
    const isDate = piece.startsWith("{") && piece.endsWith("}");
    for (const text of isDate
      ? (piece.slice(1, -1).match(/([A-Za-z])\1*|[^A-Za-z]/g) ?? [])
      : [piece]) {
      const unit = isDate ? letters[text] : undefined;
      // Any other letter, and Java's quotes and brackets, are for patterns that do not lead back to a date.
      if (unit === undefined && isDate && /[A-Za-z'[\]#]/.test(text)) return undefined;
      if (unit !== undefined) found.push(unit);
      pattern += unit === undefined ? literally(text) : `(\\d{${text.length}})`;
    }
  }
  const smallest = Math.max(...found.map((unit) => units.indexOf(unit)), -1);
  const isWhole = units.slice(0, smallest + 1).every((unit) => found.includes(unit));
  if (smallest < 0 || !isWhole) return undefined;
  const shape = new RegExp(`^${pattern}$`);
  return {
    endOf: (timeMs) => startOf(fieldsOf(new Date(timeMs), smallest), 1),
    parse: (text) => {
      const match = shape.exec(text);
      if (match === null) return undefined;
      const fields = readFields(found, match.slice(1), smallest);
      // 2026.02.30 would be the second of March, and is nobody's.
      return format(startOf(fields, 0)) === text ? startOf(fields, 1) : undefined;
    },
  };
}

/** Values from the year down to the smallest unit. */
function fieldsOf(date: Date, smallest: number): number[] {
  const all = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return all.slice(0, smallest + 1);
}

function readFields(found: readonly Unit[], texts: readonly string[], smallest: number): number[] {
  const fields = new Array<number>(smallest + 1).fill(0);
  found.forEach((unit, at) => {
    const value = Number(texts[at]);
    const isShortYear = unit === "year" && texts[at]!.length === 2;
    fields[units.indexOf(unit)] = unit === "month" ? value - 1 : isShortYear ? 2000 + value : value;
  });
  return fields;
}

/** `later` units after the start of the stretch; `Date.UTC` carries what overflows. */
function startOf(fields: readonly number[], later: number): number {
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0, second = 0] = fields.map(
    (value, at) => (at === fields.length - 1 ? value + later : value),
  );
  return Date.UTC(year, month, day, hour, minute, second);
}

function literally(text: string): string {
  return text.replace(/[^\w]/g, "\\$&");
}
