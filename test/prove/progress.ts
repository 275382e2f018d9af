/** Says how far a long pass is, every two seconds and not with each slab. */
import type { Clock } from "../../pipeline/clock.ts";
import { say } from "../bench/say.ts";

export type Progress = { readonly records: number; readonly share: number };

const everyMs = 2_000;

export function everyTwoSeconds(clock: Clock): (progress: Progress) => void {
  const from = clock.monotonicMs();
  let saidMs = from;
  return ({ records, share }) => {
    const now = clock.monotonicMs();
    if (now - saidMs < everyMs) return;
    saidMs = now;
    const left = ((now - from) * (1 - share)) / share / 1000;
    const percent = (100 * share).toFixed(1);
    say(`${percent} %, ${records.toLocaleString("en")} records, about ${Math.ceil(left)} s left`);
  };
}
