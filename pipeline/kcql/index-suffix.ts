/**
 * The text after an index's name: literal parts and `{date patterns}`, as in `-{yyyy.MM.dd}`,
 * formatted from a given time in UTC. Pure. The letters are Java's. Strict mode takes those that
 * mean what they look like: y M d H m s. Java's `YYYY` is the year of the *week* and `DD` the day
 * of the *year*: refused there with the letters meant, honoured in compat mode.
 */
import { compileJavaPattern } from "./java-date-pattern.ts";

export type SuffixChecked =
  | { readonly ok: true; readonly format: (timeMs: number) => string }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | undefined };

const strictFields = new Set(["yyyy", "yy", "MM", "dd", "HH", "mm", "ss"]);

/** Different times of one run that are worth remembering: windows start at few instants. */
const rememberedTimes = 1024;

/**
 * How `suffix` is formatted, or why not. What strict mode accepts, compat formats alike, so whoever
 * has a statement that a parser let pass needs no mode.
 */
export function checkSuffix(suffix: string, mode: "strict" | "compat" = "compat"): SuffixChecked {
  const pieces = splitSuffix(suffix);
  if (pieces === undefined) {
    const suggestion = "Each '{' needs its '}'; a suffix with dots or blanks goes in backticks.";
    return refuse(`braces do not match in '${suffix}'`, suggestion);
  }
  const parts: ((timeMs: number) => string)[] = [];
  for (const { text, isDate } of pieces) {
    if (!isDate) {
      parts.push(() => text);
      continue;
    }
    const fault = mode === "strict" ? strictFault(text) : undefined;
    if (fault !== undefined)
      return refuse(fault, `Write WITHINDEXSUFFIX=\`${mendLetters(suffix)}\`.`);
    const compiled = compileJavaPattern(text);
    if (!compiled.ok)
      return refuse(`the date pattern '{${text}}' is refused: ${compiled.message}`, usage);
    parts.push(compiled.format);
  }
  return { ok: true, format: remember((timeMs) => parts.map((part) => part(timeMs)).join("")) };
}

const usage = "Use yyyy, yy, MM, dd, HH, mm, ss.";

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

type SuffixPiece = { readonly text: string; readonly isDate: boolean };

function splitSuffix(suffix: string): readonly SuffixPiece[] | undefined {
  const pieces: SuffixPiece[] = [];
  for (const piece of suffix.split(/(\{[^{}]*\})/)) {
    if (piece === "") continue;
    if (piece.startsWith("{") && piece.endsWith("}")) {
      pieces.push({ text: piece.slice(1, -1), isDate: true });
    } else if (/[{}]/.test(piece)) return undefined;
    else pieces.push({ text: piece, isDate: false });
  }
  return pieces;
}

function strictFault(pattern: string): string | undefined {
  if (pattern === "") return "an empty date pattern '{}' formats nothing";
  for (const [letters] of pattern.matchAll(/([A-Za-z])\1*/g)) {
    if (strictFields.has(letters)) continue;
    if (letters.startsWith("Y"))
      return `'${letters}' is the year of the week, wrong around New Year`;
    if (letters.startsWith("D")) return `'${letters}' is the day of the year, 1 to 366`;
    return `'${letters}' is no date field here; use yyyy, yy, MM, dd, HH, mm, ss`;
  }
  const mark = /[[\]'#]/.exec(pattern);
  if (mark !== null) return `'${mark[0]}' has a meaning of its own in a date pattern`;
  return undefined;
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
