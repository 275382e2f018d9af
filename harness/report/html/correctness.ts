/** Correctness by clause, the stores side by side, the thresholds, and the findings. */

import { clauseStatements } from "../clause-statements.ts";
import { type Markup, markup } from "../escape.ts";
import { findingText, moreFindings } from "../finding-lines.ts";
import { measuredValue } from "../measured-value.ts";
import type { Summary } from "../summary-json.ts";
import { grouped } from "../terminal-text.ts";
import { violationsFile } from "../violations.ts";
import { list, mark, section, table } from "./section.ts";

export function correctnessSection({ clauses, stores, readings }: Summary): Markup {
  const rows = clauses.map(({ clause, verdict, evaluated, counts }) => {
    const found = Object.entries(counts).map(([name, count]) => `${grouped(count)} ${name}`);
    const open = verdict === "UNKNOWN" || verdict === "INVALID";
    return [
      markup`${clause} <span class="soft">${clauseStatements[clause]}</span>`,
      open
        ? markup`${mark("open")} <span class="soft">${verdict}</span>`
        : mark(verdict === "PASS"),
      grouped(evaluated),
      found.length === 0 ? "none" : found.join(", "),
    ];
  });
  const storeRows = Object.entries(stores).map(([name, at]) => [
    name,
    ...[at.expected, at.found, at.missing, at.unexpected, at.wrong, at.duplicated].map(grouped),
    ...[at.skipped, at.deadLetters].map((n) => (n === undefined ? "–" : grouped(n))),
  ]);
  const { planned, acked, failed, unknown, duplicatesSent, rejectedPlanned, rejectedUnplanned } =
    readings;
  return section(
    "correctness",
    "Correctness by clause",
    clauses.length === 0
      ? markup`<p class="empty">No clause was judged.</p>`
      : table({
          caption: "The contract, clause by clause, over everything that was recorded",
          head: ["clause", "outcome", "looked at", "findings"],
          rows,
        }),
    table({
      caption: "Rows in the stores: one for each device and window",
      head: [
        "store",
        "expected",
        "found",
        "missing",
        "unexpected",
        "wrong",
        "duplicated",
        "skipped",
        "dead letters",
      ],
      rows: storeRows,
      numbers: true,
    }),
    table({
      caption: "Readings",
      head: [
        "planned",
        "acked",
        "failed",
        "unknown",
        "sent twice on purpose",
        "rejected as planned",
        "rejected otherwise",
      ],
      rows: [
        [planned, acked, failed, unknown, duplicatesSent, rejectedPlanned, rejectedUnplanned].map(
          grouped,
        ),
      ],
      numbers: true,
    }),
  );
}

export function thresholdsSection({ thresholds }: Summary): Markup {
  const rows = thresholds.map(({ metric, limit, value, ok }) => [
    metric,
    limit,
    measuredValue(metric, value),
    ok ? markup`<span class="good">✓ met</span>` : markup`<span class="bad">✗ missed</span>`,
  ]);
  return section(
    "thresholds",
    "Thresholds",
    rows.length === 0
      ? markup`<p>The scenario sets none.</p>`
      : table({
          caption: "What the scenario demands, and what was measured",
          head: ["metric", "limit", "measured", "outcome"],
          rows,
        }),
  );
}

/** So many of the findings stand in the page. */
const findingsShown = 100;

export function findingsSection(summary: Summary): Markup {
  const shown = summary.findings.slice(0, findingsShown);
  const more = moreFindings(summary, shown.length);
  const [who, where] =
    summary.violations === undefined
      ? ["the first of each kind", "summary.json"]
      : ["all that can be named", violationsFile];
  return section(
    "findings",
    "Findings",
    shown.length === 0
      ? markup`<p>${more === 0 ? "None." : `${grouped(more)}, without examples.`}</p>`
      : list(shown.map(findingText)),
    shown.length > 0 && more > 0
      ? markup`<p>… and ${grouped(more)} more; ${who} stand in <code>${where}</code>.</p>`
      : undefined,
  );
}
