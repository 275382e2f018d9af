/**
 * Text for terminals: colours only where they help, widths that hold, remote strings made harmless.
 */

export type Ink = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
};

const same = (text: string): string => text;

export const plainInk: Ink = { bold: same, dim: same, good: same, bad: same, warn: same };

const colourInk: Ink = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
  good: (text) => `\u001b[32m${text}\u001b[39m`,
  bad: (text) => `\u001b[31m${text}\u001b[39m`,
  warn: (text) => `\u001b[33m${text}\u001b[39m`,
};

/** Source: no-color.org (set and not empty), and the terminal that calls itself dumb. */
export function inkFor(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Ink {
  const refused = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return isTerminal && !refused ? colourInk : plainInk;
}

/**
 * Device names, keys and error texts come from outside: no control character of theirs reaches a
 * terminal.
 */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** Cut to `width` characters; colours must not be in it yet. */
export function cutTo(text: string, width: number): string {
  if (text.length <= width) return text;
  return width <= 1 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 1)}…`;
}

/** Words on lines of at most `width`, the ones after the first indented. */
export function wrap(text: string, width: number, indent = ""): string[] {
  if (text.length <= width) return [text]; // As it is, aligned columns included.
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** 8101852 → `8,101,852`. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `10.00 b/day = 115,741/s`: as people say it, and as it is measured. */
export function bothRates(perSecond: number): string {
  return `${perDay(perSecond)} = ${grouped(perSecond)}/s`;
}

function perDay(perSecond: number): string {
  const daily = perSecond * 86_400;
  for (const [size, letter] of [
    [1e9, "b"],
    [1e6, "m"],
    [1e3, "k"],
  ] as const) {
    if (daily >= size) return `${(daily / size).toFixed(2)} ${letter}/day`;
  }
  return `${daily.toFixed(0)}/day`;
}

/**
 * 0.98996 → `98.99%`: rounded down, so that what was missed never looks as if it had been reached.
 */
export function shareText(share: number): string {
  return `${(Math.floor(share * 10_000 + 1e-6) / 100).toFixed(2)}%`;
}

/** Milliseconds for reading: `0.4 ms`, `19 ms`, `4.2 s`. */
export function shortMs(ms: number): string {
  if (ms >= 9_950) return `${(ms / 1_000).toFixed(0)} s`;
  if (ms >= 999.5) return `${(ms / 1_000).toFixed(1)} s`;
  return ms >= 9.95 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

/**
 * Two spaces between; the first column to the left, the others to the right, or all to the left.
 */
export function columns(
  rows: readonly (readonly string[])[],
  others: "right" | "left" = "right",
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === 0 || others === "left" ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      )
      .join("  ")
      .trimEnd(),
  );
}
