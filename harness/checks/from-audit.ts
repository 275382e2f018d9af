/** Findings that the audit made while the topic flowed, taken over with their full counts. */
import type { AuditJson } from "../facts/audit-facts.ts";
import type { AnomalyClass, FindingList } from "./finding.ts";

export function addAudited(
  list: FindingList,
  audit: AuditJson,
  kinds: readonly AnomalyClass[],
): void {
  for (const kind of kinds) {
    const examples = audit.findings.filter((finding) => finding.class === kind);
    for (let i = 0; i < (audit.counts[kind] ?? 0); i++) list.add(kind, () => examples[i] ?? {});
  }
}
