/**
 * Patterns of Java's `DateTimeFormatter` (17), as the genuine sink formats the dates of index
 * names: in UTC, with the weeks of the US locale (a week begins on Sunday; the first one holds 1
 * January). Pure. Numeric fields only: names of months and days have capitals, which no index's
 * name may have, and a date has no zone.
 * Source: the documentation of `java.time.format.DateTimeFormatter`, "Patterns for Formatting and
 * Parsing".
 */

export type JavaPattern =
  | { readonly ok: true; readonly format: (timeMs: number) => string }
  | { readonly ok: false; readonly message: string };

type Field = {
  readonly value: (date: Date) => number;
  /** Most letters in a row. */
  readonly most: number;
};

const dayMs = 86_400_000;
const maxWidth = 19;

/** Letter by letter; `S`, `y`, `u` and `Y` have rules of their own below. */
const fields: Readonly<Record<string, Field>> = {
  u: { value: (date) => date.getUTCFullYear(), most: maxWidth },
  y: { value: eraYear, most: maxWidth },
  Y: { value: weekYear, most: maxWidth },
  M: { value: (date) => date.getUTCMonth() + 1, most: 2 },
  L: { value: (date) => date.getUTCMonth() + 1, most: 2 },
  Q: { value: (date) => Math.floor(date.getUTCMonth() / 3) + 1, most: 2 },
  q: { value: (date) => Math.floor(date.getUTCMonth() / 3) + 1, most: 2 },
  d: { value: (date) => date.getUTCDate(), most: 2 },
  D: { value: dayOfYear, most: 3 },
  g: { value: (date) => Math.floor(date.getTime() / dayMs) + 40_587, most: maxWidth },
  w: { value: weekOfYear, most: 2 },
  W: { value: (date) => weekAt(date.getUTCDate(), date), most: 1 },
  F: { value: (date) => ((date.getUTCDate() - 1) % 7) + 1, most: 1 },
  e: { value: (date) => date.getUTCDay() + 1, most: 2 },
  c: { value: (date) => date.getUTCDay() + 1, most: 1 },
  H: { value: (date) => date.getUTCHours(), most: 2 },
  k: { value: (date) => date.getUTCHours() || 24, most: 2 },
  K: { value: (date) => date.getUTCHours() % 12, most: 2 },
  h: { value: (date) => date.getUTCHours() % 12 || 12, most: 2 },
  m: { value: (date) => date.getUTCMinutes(), most: 2 },
  s: { value: (date) => date.getUTCSeconds(), most: 2 },
  S: { value: (date) => date.getUTCMilliseconds(), most: 9 },
  A: { value: millisecondOfDay, most: maxWidth },
  n: { value: (date) => date.getUTCMilliseconds() * 1e6, most: maxWidth },
  N: { value: (date) => millisecondOfDay(date) * 1e6, most: maxWidth },
};

/** Letters that mean something to Java, but give text or ask for a zone. */
const textOrZone = "GEaBVvzOXxZp";

export function compileJavaPattern(pattern: string): JavaPattern {
  const parts: ((date: Date) => string)[] = [];
  let open = 0;
  let at = 0;
  while (at < pattern.length) {
    const [run] = /^([A-Za-z])\1*|^'(?:[^']|'')*'|^./s.exec(pattern.slice(at))!;
    at += run.length;
    if (/^[A-Za-z]/.test(run)) {
      const part = compileField(run);
      if (typeof part === "string") return { ok: false, message: part };
      parts.push(part);
    } else if (run === "[") open += 1;
    else if (run === "]" && --open < 0) return refuse("a ']' has no '[' before it");
    else if (run === "'") return refuse("a quote (') is not closed");
    else if ("{}#".includes(run)) return refuse(`'${run}' is reserved`);
    else if (run !== "]") parts.push(() => unquote(run));
  }
  return { ok: true, format: (timeMs) => formatParts(parts, new Date(timeMs)) };
}

function refuse(message: string): JavaPattern {
  return { ok: false, message };
}

/** Prints one run of a letter, or says why Java (or this printer) refuses it. */
function compileField(run: string): ((date: Date) => string) | string {
  const letter = run[0]!;
  const field = fields[letter];
  const width = run.length;
  if (field === undefined) {
    if (!textOrZone.includes(letter)) return `'${run}' is no date field`;
    return textMessage(run);
  }
  if (width > field.most && width <= 5 && "MLQqec".includes(letter)) return textMessage(run);
  if (width > field.most) return `'${run}' has too many letters: ${field.most} at most`;
  const { value } = field;
  if (letter === "S")
    return (date) => String(value(date)).padStart(3, "0").padEnd(9, "0").slice(0, width);
  if (!"uyY".includes(letter)) return (date) => String(value(date)).padStart(width, "0");
  if (width === 2) return (date) => String(Math.abs(value(date)) % 100).padStart(2, "0");
  return (date) => printYear(value(date), width);
}

function textMessage(run: string): string {
  return `'${run}' gives a text or a zone, which has no place in an index's name`;
}

/** From four letters on a year with more digits than letters has a sign. */
function printYear(year: number, width: number): string {
  const digits = String(Math.abs(year)).padStart(width, "0");
  if (year < 0) return `-${digits}`;
  return width >= 4 && digits.length > width ? `+${digits}` : digits;
}

function unquote(run: string): string {
  if (!run.startsWith("'")) return run;
  return run === "''" ? "'" : run.slice(1, -1).replaceAll("''", "'");
}

function formatParts(parts: readonly ((date: Date) => string)[], date: Date): string {
  let text = "";
  for (const part of parts) text += part(date);
  return text;
}

/** Java counts years before year 1 from 1 backwards. */
function eraYear(date: Date): number {
  const year = date.getUTCFullYear();
  return year > 0 ? year : 1 - year;
}

function dayOfYear(date: Date): number {
  const start = new Date(date.getTime());
  start.setUTCMonth(0, 1);
  start.setUTCHours(0, 0, 0, 0);
  return Math.floor((date.getTime() - start.getTime()) / dayMs) + 1;
}

/**
 * The year of the Saturday that ends the week: 1 January pulls its whole week into the new year.
 */
function weekYear(date: Date): number {
  return new Date(date.getTime() + (6 - date.getUTCDay()) * dayMs).getUTCFullYear();
}

function weekOfYear(date: Date): number {
  return weekYear(date) > date.getUTCFullYear() ? 1 : weekAt(dayOfYear(date), date);
}

/** The week in which the n-th day of a month or year is, `date` being that day. */
function weekAt(nth: number, date: Date): number {
  const weekdayOfFirst = (((date.getUTCDay() - (nth - 1)) % 7) + 7) % 7;
  return Math.floor((nth - 1 + weekdayOfFirst) / 7) + 1;
}

function millisecondOfDay(date: Date): number {
  return ((date.getTime() % dayMs) + dayMs) % dayMs;
}
