/**
 * Findings for reading: which reading or row, where it lies, what was expected and what was found.
 */
import type { Finding } from "../checks/finding.ts";
import type { Summary } from "./summary-json.ts";
import { grouped, harmless } from "./terminal-text.ts";

/** The first `atMost`, and how many there are besides. */
export function findingLines(summary: FindingsOf, atMost: number): string[] {
  const lines = summary.findings.slice(0, atMost).map(findingText);
  const more = moreFindings(summary, lines.length);
  return more > 0 ? [...lines, `… and ${grouped(more)} more`] : lines;
}

type FindingsOf = Pick<Summary, "findings" | "clauses">;

/** How many there are besides the first `shown`, those without an example included. */
export function moreFindings({ findings, clauses }: FindingsOf, shown: number): number {
  const all = clauses.reduce(
    (sum, { counts, echoes }) => sum + Object.values(counts).reduce((a, b) => a + b, 0) - echoes,
    0,
  );
  return Math.max(all, findings.length) - shown;
}

/** What it is, where it lies, what was expected, what was found. */
export function findingText(finding: Finding): string {
  const { device, boot, seq, window, topic, partition, offset, store, key } = finding;
  const parts: string[] = [finding.class];
  if (device !== undefined) parts.push(`device ${device}`);
  if (seq !== undefined) parts.push(`boot ${boot ?? 0} seq ${seq}`);
  if (window !== undefined) parts.push(`window ${timeText(window)}`);
  if (topic !== undefined) parts.push(`at ${topic}/${partition ?? "?"}@${offset ?? "?"}`);
  if (store !== undefined) parts.push(`in ${store}${key === undefined ? "" : ` ${key}`}`);
  if (finding.expected !== undefined) parts.push(`expected ${finding.expected}`);
  if (finding.found !== undefined) parts.push(`found ${finding.found}`);
  if (finding.during !== undefined) parts.push(`during ${finding.during}`);
  return harmless(parts.join(", "));
}

function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().replace(".000Z", "Z");
}
