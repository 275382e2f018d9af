/** Which of the names that exist was probably meant: for messages, never to act on. */

/** The nearest of `known`, or undefined when none is near enough to be worth a suggestion. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  // Half of the letters may be wrong; beyond that a suggestion misleads more than it helps.
  let bestDistance = Math.floor(Math.max(wrong.length, 3) / 2) + 1;
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein, with neighbouring letters swapped counted as one slip. O(a × b) on short names. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
