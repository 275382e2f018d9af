import { expect, test } from "vitest";
import { createFindingList } from "../../../harness/checks/finding.ts";
import { addAudited } from "../../../harness/checks/from-audit.ts";
import { factsOf, honestHistory } from "./history.ts";

test("each class that is asked for comes with its own examples and its full count, and no other", () => {
  const { audit } = factsOf(honestHistory);
  const list = createFindingList();
  const findings = [
    { class: "corrupt", seq: 1 },
    { class: "phantom", seq: 2 },
    { class: "reorder", seq: 3 },
    { class: "corrupt", seq: 4 },
  ] as const;
  const counts = { corrupt: 3, phantom: 1, reorder: 1 };
  addAudited(list, { ...audit, findings, counts }, ["phantom", "corrupt", "duplicate"]);
  expect(list.findings).toEqual([
    { class: "phantom", seq: 2 },
    { class: "corrupt", seq: 1 },
    { class: "corrupt", seq: 4 },
    { class: "corrupt" },
  ]);
  expect(list.counts).toEqual({ phantom: 1, corrupt: 3 });
});
