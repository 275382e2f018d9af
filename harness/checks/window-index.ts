/**
 * Finds the ledger's row of a (device, window) and the name of a device, for the checks that compare. One
 * number for each window of the load; a map for the few others.
 */
import type { RunFacts } from "../facts/run-facts.ts";

export type WindowIndex = {
  /** Row in `audit.windows`, or -1: no accepted reading lies there, or nobody knows the device (-1). */
  readonly rowOf: (device: number, window: number) => number;
  /** The plan's index stays; -1 with the text of a foreign device that the raw topic held becomes its index. */
  readonly deviceOf: (device: number, text: string | undefined) => number;
  readonly nameOf: (device: number) => string;
  /** Whether the row of `audit.windows` was due by the end of the log. */
  readonly isDue: (row: number) => boolean;
};

/** Of the rows that the facts have: all of them, or those of one bucket. */
export function createWindowIndex({
  plan,
  audit,
  bucket = { nth: 0, many: 1 },
}: Pick<RunFacts, "plan" | "audit" | "bucket">): WindowIndex {
  const { startAt, loadMs, window } = plan.options;
  const first = Math.floor(startAt / window.sizeMs);
  const each = Math.floor((startAt + loadMs) / window.sizeMs) - first + 1;
  const own = Math.max(0, Math.ceil((plan.fleetDevices - bucket.nth) / bucket.many));
  const planned = new Int32Array(own * each).fill(-1);
  const others = new Map<string, number>();
  const { device: devices, window: starts, firstDue } = audit.windows.columns;
  const foreign = new Map(audit.foreignDevices.map((id, k) => [id, plan.allDevices + k]));

  function slotOf(device: number, start: number): number {
    const nth = start / window.sizeMs - first;
    const inside = device >= 0 && device < plan.fleetDevices && nth >= 0 && nth < each;
    const place = (device - bucket.nth) / bucket.many;
    return inside && Number.isInteger(nth) && Number.isInteger(place) ? place * each + nth : -1;
  }

  for (let row = 0; row < audit.windows.length; row++) {
    const slot = slotOf(devices[row]!, starts[row]!);
    if (slot >= 0) planned[slot] = row;
    else others.set(`${devices[row]}/${starts[row]}`, row);
  }

  return {
    rowOf: (device, start) => {
      const slot = slotOf(device, start);
      return slot >= 0 ? planned[slot]! : (others.get(`${device}/${start}`) ?? -1);
    },
    deviceOf: (device, text) => (device >= 0 ? device : (foreign.get(text ?? "") ?? -1)),
    nameOf: (device) =>
      device < plan.allDevices
        ? plan.deviceId(device)
        : (audit.foreignDevices[device - plan.allDevices] ?? "?"),
    isDue: (row) => firstDue[row]! > 0,
  };
}
