import { expect, test } from "vitest";
import { aborted } from "../../pipeline/aborted.ts";

test("it resolves when the signal is aborted, and not before", async () => {
  const control = new AbortController();
  let isOver = false;
  const over = aborted(control.signal).then(() => {
    isOver = true;
  });
  await Promise.resolve();
  expect(isOver).toBe(false);
  control.abort(new Error("stop"));
  await over;
  expect(isOver).toBe(true);
});

test("it resolves at once for a signal that is aborted already", async () => {
  await expect(aborted(AbortSignal.abort(new Error("stop")))).resolves.toBeUndefined();
});
