/** Reads what Maven prints: its first error, and how much it has downloaded. No hosts come out of here. */

const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

const longestSentence = 400;

/** Maven's first `[ERROR]` line that says something, without the addresses of repositories. */
export function firstError(output: string): string | undefined {
  const line = output
    .replace(colour, "")
    .split("\n")
    .find((text) => /^\[ERROR\]\s+\S/.test(text));
  if (line === undefined) return undefined;
  const hosts = [...output.matchAll(/https?:\/\/([^/\s):]+)/g)].flatMap(([, host]) => host ?? []);
  const named = line
    .replace(/^\[ERROR\]\s+/, "")
    .replace(/ -> \[Help \d+\]$/, "")
    .replace(/ \(https?:\/\/[^)]*\)/g, "")
    .replace(/https?:\/\/\S+/g, "the repository");
  const nameless = hosts.reduce((text, host) => text.replaceAll(host, "the repository"), named);
  return nameless.slice(0, longestSentence);
}

/** Bytes of all `Downloaded from …: … (1.2 MB at 3.4 MB/s)` lines. */
export function downloadedBytes(output: string): number {
  const unit: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
  const lines = output.matchAll(/^.*Downloaded from .*\(([\d.]+) ([kMG]?B) at/gm);
  return [...lines].reduce(
    (sum, [, size, name]) => sum + Number(size) * (unit[name ?? ""] ?? 0),
    0,
  );
}
