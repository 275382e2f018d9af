import { expect, test } from "vitest";
import { evidenceBetween } from "../../../harness/observe/store-evidence.ts";

test("evidence is the difference of two looks; a counter that went back proves nothing", () => {
  const look = (writes: number, notNewer: number | null) => ({ store: "s", writes, notNewer });
  expect(evidenceBetween(look(10, 2), look(15, 7))).toEqual(look(5, 5));
  expect(evidenceBetween(look(10, null), look(12, null))).toEqual(look(2, null));
  expect(evidenceBetween(look(10, 2), look(3, 0))).toEqual(look(0, 0));
});
