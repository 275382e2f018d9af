/**
 * The text after an index's name: literal parts and `{date patterns}`, as in `-{yyyy.MM.dd}`, formatted
 * from a given time in UTC. Pure. The letters are Java's, those that mean what they look like: y M d H m s.
 * Java's `YYYY` is the year of the *week* and `DD` the day of the *year*: refused with the letters meant.
 */

type SuffixPart = { readonly literal: string } | { readonly date: string };

export type SuffixChecked =
  | { readonly ok: true; readonly format: (timeMs: number) => string }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | undefined };

/** Two-digit fields of a UTC date by pattern; longest patterns first. */
const fields: Readonly<Record<string, (date: Date) => number>> = {
  yyyy: (date) => date.getUTCFullYear(),
  yy: (date) => date.getUTCFullYear() % 100,
  MM: (date) => date.getUTCMonth() + 1,
  dd: (date) => date.getUTCDate(),
  HH: (date) => date.getUTCHours(),
  mm: (date) => date.getUTCMinutes(),
  ss: (date) => date.getUTCSeconds(),
};

/** Different times of one run that are worth remembering: windows start at few instants. */
const rememberedTimes = 1024;

export function checkSuffix(suffix: string): SuffixChecked {
  const parts = splitSuffix(suffix);
  if (parts === undefined) {
    return refuse(`braces do not match in '${suffix}'`, "Each '{' needs its '}' after it.");
  }
  for (const part of parts) {
    if (!("date" in part)) continue;
    const fault = checkPattern(part.date);
    if (fault !== undefined) return refuse(fault, `WITHINDEXSUFFIX=\`${mendLetters(suffix)}\``);
  }
  return { ok: true, format: remember((timeMs) => formatParts(parts, new Date(timeMs))) };
}

/** The suffix with week-based years and days of the year replaced by what is meant. */
export function mendLetters(suffix: string): string {
  return suffix.replace(/\{[^}]*\}/g, (part) => part.replaceAll("Y", "y").replaceAll("D", "d"));
}

/** The suffix as an Elasticsearch wildcard: each date part is a `*`. */
export function suffixWildcard(suffix: string): string {
  return suffix.replace(/\{[^}]*\}/g, "*");
}

function refuse(message: string, suggestion: string): SuffixChecked {
  return { ok: false, message, suggestion };
}

function splitSuffix(suffix: string): readonly SuffixPart[] | undefined {
  const parts: SuffixPart[] = [];
  for (const piece of suffix.split(/(\{[^{}]*\})/)) {
    if (piece === "") continue;
    if (piece.startsWith("{") && piece.endsWith("}")) parts.push({ date: piece.slice(1, -1) });
    else if (/[{}]/.test(piece)) return undefined;
    else parts.push({ literal: piece });
  }
  return parts;
}

function checkPattern(pattern: string): string | undefined {
  if (pattern === "") return "an empty date pattern '{}' formats nothing";
  for (const [letters] of pattern.matchAll(/([A-Za-z])\1*/g)) {
    if (letters in fields) continue;
    if (letters.startsWith("Y"))
      return `'${letters}' is the year of the week, wrong around New Year`;
    if (letters.startsWith("D")) return `'${letters}' is the day of the year, 1 to 366`;
    return `'${letters}' is no date field; use yyyy, yy, MM, dd, HH, mm, ss`;
  }
  return undefined;
}

function formatParts(parts: readonly SuffixPart[], date: Date): string {
  let text = "";
  for (const part of parts) {
    text +=
      "literal" in part
        ? part.literal
        : part.date.replace(/([A-Za-z])\1*/g, (letters) =>
            String(fields[letters]!(date)).padStart(letters.length, "0"),
          );
  }
  return text;
}

function remember(format: (timeMs: number) => string): (timeMs: number) => string {
  const known = new Map<number, string>();
  return (timeMs) => {
    let text = known.get(timeMs);
    if (text === undefined) {
      if (known.size >= rememberedTimes) known.clear();
      text = format(timeMs);
      known.set(timeMs, text);
    }
    return text;
  };
}
