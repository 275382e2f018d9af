import { expect, test } from "vitest";
import { resultOf } from "../../../harness/checks/check-result.ts";
import { createFindingList, total, violationsMax } from "../../../harness/checks/finding.ts";

test("32 examples of each class are kept, 100,000 violations of all, and the counts are of all", () => {
  const list = createFindingList();
  let asked = 0;
  const evidence = (offset: number) => () => {
    asked += 1;
    return { offset };
  };
  for (let i = 0; i < violationsMax + 5; i++) list.add("duplicate", evidence(i));
  expect(violationsMax).toBe(100_000);
  expect(list.findings.map(({ offset }) => offset)).toEqual(
    Array.from({ length: 32 }, (_, i) => i),
  );
  expect(list.violations).toHaveLength(violationsMax);
  expect(list.violations.at(-1)).toEqual({ class: "duplicate", offset: violationsMax - 1 });
  expect(list.counts).toEqual({ duplicate: violationsMax + 5 });
  expect(asked).toBe(violationsMax);
  // An example of another class is kept all the same; as a violation there is no room for it.
  list.add("reorder", evidence(7));
  expect(list.findings.at(-1)).toEqual({ class: "reorder", offset: 7 });
  expect(list.violations).toHaveLength(violationsMax);
});

test("one of which nothing is known but its class is an example, and no violation", () => {
  const list = createFindingList(1);
  list.add("lost-write", () => ({}));
  list.add("lost-write", () => ({ seq: 1 }));
  expect(list.findings).toEqual([{ class: "lost-write" }]);
  expect(list.violations).toEqual([{ class: "lost-write", seq: 1 }]);
});

test("an echo counts, and neither is named nor takes the place of an example", () => {
  const list = createFindingList(1);
  list.echo("corrupt");
  list.add("corrupt", () => ({ seq: 1 }));
  list.echo("corrupt");
  expect(list.findings).toHaveLength(1);
  expect(list.counts).toEqual({ corrupt: 3 });
  expect(list.echoes()).toBe(2);
  expect(total(list.counts)).toBe(3);
});

test("a clause FAILs by what is proven, is UNKNOWN by what is unseen, and INVALID by nothing seen", () => {
  const verdict = (evaluated: number, ...kinds: readonly ("unseen" | "corrupt")[]) => {
    const list = createFindingList();
    for (const kind of kinds) list.add(kind, () => ({ seq: 1 }));
    return resultOf("C1", evaluated, list).verdict;
  };
  expect(verdict(5)).toBe("PASS");
  expect(verdict(0)).toBe("INVALID");
  expect(verdict(0, "unseen")).toBe("UNKNOWN");
  expect(verdict(5, "unseen", "unseen")).toBe("UNKNOWN");
  expect(verdict(5, "unseen", "corrupt")).toBe("FAIL");
});
