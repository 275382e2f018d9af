import { expect, test } from "vitest";
import { createFleetEnd } from "../../../../harness/run/fleet/fleet-end.ts";

test("the load ends where the last worker ended; those before it go on to there and are heard again", () => {
  const end = createFleetEnd(3);
  expect(end.ended(0, 100)).toMatchObject({ goOn: [] });
  expect(end.ended(1, 120)).toMatchObject({ goOn: [] });
  expect(end.ended(2, 120)).toEqual({ goOn: [0], to: 120 });
  expect(end.ended(0, 120)).toEqual({ agreed: 120 });
});

test("a worker that is gone is waited for, whatever it said before", () => {
  const end = createFleetEnd(2);
  end.ended(0, 100);
  end.gone(0);
  expect(end.ended(1, 100)).toEqual({ goOn: [], to: 100 });
  expect(end.ended(0, 110)).toEqual({ goOn: [1], to: 110 });
  expect(end.ended(1, 110)).toEqual({ agreed: 110 });
});

test("only a cut that is later than all before it, and than every end, is told", () => {
  const end = createFleetEnd(2);
  expect(end.latest()).toBeUndefined();
  expect([end.cut(50), end.cut(50), end.cut(40), end.cut(60)]).toEqual([true, false, false, true]);
  end.ended(0, 80);
  expect(end.cut(70)).toBe(false);
  expect(end.latest()).toBe(80);
});
