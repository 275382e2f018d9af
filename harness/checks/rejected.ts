/** The rejected topic against the raw log's own rejections: each raw offset once, same reason, same bytes. */
import { type reasonCodes, reasonCodes as reasons } from "../facts/rejected-rows.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import type { FindingList } from "./finding.ts";

export function checkRejected(facts: RunFacts, list: FindingList): void {
  const { audit, topics, record } = facts;
  const wanted = audit.rejected.columns;
  const found = topics.rejectedTopic.columns;
  const rowAt = new Map<string, number>();
  for (let row = 0; row < audit.rejected.length; row++) {
    rowAt.set(`${wanted.partition[row]}/${wanted.offset[row]}`, row);
  }
  const seen = new Set<number>();
  for (let at = 0; at < topics.rejectedTopic.length; at++) {
    const row = rowAt.get(`${found.partition[at]}/${found.offset[at]}`);
    const place = {
      topic: record.topics.rejected,
      partition: found.atPartition[at]!,
      offset: found.atOffset[at]!,
      key: `${found.partition[at]}/${found.offset[at]}`,
    };
    const reason = reasonName(found.reason[at]!);
    if (row === undefined) {
      const kind = reason === "late" || reason === "future" ? "illegal-late" : "phantom";
      list.add(kind, () => ({ ...place, expected: "not rejected", found: reason }));
      continue;
    }
    if (seen.has(row)) list.add("duplicate", () => ({ ...place, found: "rejected twice" }));
    seen.add(row);
    const right = reasonName(wanted.reason[row]!);
    const sameBytes =
      found.bytesHi[at] === wanted.bytesHi[row] && found.bytesLo[at] === wanted.bytesLo[row];
    if (reason !== right || !sameBytes) {
      const what = sameBytes ? reason : `${reason}, with other bytes than the raw record`;
      list.add("corrupt", () => ({ ...place, expected: right, found: what }));
    }
  }
  for (let row = 0; row < audit.rejected.length; row++) {
    if (seen.has(row)) continue;
    list.add(topics.reachedEnd ? "silent-drop" : "unseen", () => ({
      topic: record.topics.raw,
      partition: wanted.partition[row]!,
      offset: wanted.offset[row]!,
      expected: `rejected as ${reasonName(wanted.reason[row]!)}`,
      found: "not in the rejected topic",
    }));
  }
}

function reasonName(code: number): (typeof reasonCodes)[number] | "no reason" {
  return reasons[code] ?? "no reason";
}
