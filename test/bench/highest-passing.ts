/** The highest step of a ladder that passes, where every lower one passes, too. */

/**
 * Bisects 1 … `steps`; 0: not even the first passes. A step that has passed once must pass `times` times in all: one that
 * does not is as good as failed, and the search goes on below it.
 */
export async function highestPassing(
  steps: number,
  times: number,
  passes: (step: number) => Promise<boolean>,
): Promise<number> {
  let failing = steps + 1;
  let passing = 0;
  for (;;) {
    while (failing - passing > 1) {
      const middle = (passing + failing) >> 1;
      if (await passes(middle)) passing = middle;
      else failing = middle;
    }
    if (passing === 0 || (await passesAgain(passing, times - 1, passes))) return passing;
    failing = passing;
    passing = 0;
  }
}

async function passesAgain(
  step: number,
  times: number,
  passes: (step: number) => Promise<boolean>,
): Promise<boolean> {
  for (let time = 0; time < times; time++) if (!(await passes(step))) return false;
  return true;
}
