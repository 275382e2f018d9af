/**
 * Runs the requests of several batches, with one limit over all of them: however many batches are
 * written at a time, the server sees no more of them. The oldest batch goes first.
 */

/**
 * Begins `work` for each of `items`, in their order, as there is room. Resolves when all are done.
 * Errors: the first of `work` or `items`; nothing more of this batch is begun then.
 */
export type SharedLanes = <T>(
  items: Iterator<T, undefined>,
  work: (item: T) => Promise<void>,
) => Promise<void>;

/** Begins a batch's next item; undefined when there is none left. */
type BeginNext = () => Promise<void> | undefined;

export function createSharedLanes(limit: number): SharedLanes {
  const waiting: BeginNext[] = []; // oldest first
  let busy = 0;

  async function lane(): Promise<void> {
    busy++;
    for (let begin = waiting[0]; begin !== undefined; begin = waiting[0]) {
      const begun = begin();
      if (begun === undefined) waiting.shift();
      else await begun;
    }
    busy--;
  }

  return (items, work) =>
    new Promise((resolve, reject) => {
      let underWay = 0;
      let allBegun = false;
      const end = (): void => {
        underWay--;
        if (allBegun && underWay === 0) resolve();
      };
      const fail = (error: unknown): void => {
        underWay--;
        allBegun = true;
        reject(error);
      };
      waiting.push(() => {
        if (allBegun) return undefined;
        underWay++; // also while an item is made: `end` and `fail` count it off
        try {
          const next = items.next();
          if (next.done !== true) return work(next.value).then(end, fail);
          allBegun = true;
          end();
        } catch (error) {
          fail(error);
        }
        return undefined;
      });
      while (busy < limit && waiting.length > 0) void lane();
    });
}
