/**
 * What is wrong with a published or stored window, if anything, and of which class: shared by the check of the
 * topic and those of the stores.
 */
import { digestText } from "../facts/digest-text.ts";
import { describeState, type ExpectedStates, type WindowState } from "./expected-state.ts";
import type { AnomalyClass, Finding } from "./finding.ts";
import { describeFault, type SolveMembers } from "./solve-members.ts";

/** Degrees for min, max and mean; NaN: the place has no such field. */
export type FoundWindow = {
  readonly count: number;
  readonly sum: number;
  readonly digestHi: number;
  readonly digestLo: number;
  /** False: no digest at all stood there. */
  readonly digestOk: boolean;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly revision: number;
  readonly version: number;
};

export type WindowFault = { readonly kind: AnomalyClass } & Pick<
  Finding,
  "boot" | "seq" | "expected" | "found"
>;

export type WindowPlace = {
  readonly row: number;
  readonly device: number;
  readonly name: string;
  /** Start and end, epoch milliseconds. */
  readonly window: number;
  readonly windowEnd: number;
};

/** Undefined when `found` is the window at `want`, one of the ledger's states of this row. */
export function compareWindow(
  states: ExpectedStates,
  solve: SolveMembers,
  place: WindowPlace,
  want: WindowState,
  found: FoundWindow,
): WindowFault | undefined {
  const wrong = wrongFields(want, found, place.windowEnd);
  if (wrong.length === 0) return undefined;
  const said = { expected: describeState(want), found: describeFound(found, wrong) };
  const sameMembers = found.digestOk && sameDigest(want, found) && found.count === want.count;
  if (sameMembers)
    return { kind: isRounding(want, found) ? "wrong-aggregate" : "corrupt", ...said };
  const earlier = states.at(place.row, found.count);
  if (earlier !== undefined && found.count < want.count && sameDigest(earlier, found)) {
    return { kind: "stale-final", ...said };
  }
  const kind = found.count === want.count ? "masked" : "wrong-aggregate";
  const { device, name, window } = place;
  const fault = found.digestOk ? solve(device, name, window, want, found) : undefined;
  if (fault === undefined) return { kind, ...said };
  const { boot, seq } = fault.dropped[0] ?? fault.added[0]!;
  return { kind, boot, seq, ...said, found: `${said.found}: ${describeFault(fault)}` };
}

function wrongFields(want: WindowState, found: FoundWindow, windowEnd: number): readonly string[] {
  const differs = (value: number, right: number): boolean =>
    !Number.isNaN(value) && value !== right;
  const wrong: string[] = [];
  if (found.count !== want.count) wrong.push("count");
  if (found.sum !== want.sum) wrong.push("sum");
  if (!found.digestOk || !sameDigest(want, found)) wrong.push("digest");
  if (differs(found.min, want.min / 100)) wrong.push("min");
  if (differs(found.max, want.max / 100)) wrong.push("max");
  if (differs(found.mean, want.sum / want.count / 100)) wrong.push("mean");
  if (differs(found.revision, want.count)) wrong.push("revision");
  if (differs(found.version, windowEnd * 1000 + want.count)) wrong.push("version");
  return wrong;
}

/** Right members, and numbers off by less than a sensor can tell: added up in another way than exactly. */
function isRounding(want: WindowState, found: FoundWindow): boolean {
  const near = (value: number, right: number): boolean =>
    Number.isNaN(value) || Math.abs(value - right) < 1e-6 * Math.max(1, Math.abs(right));
  return (
    near(found.sum, want.sum) &&
    near(found.min, want.min / 100) &&
    near(found.max, want.max / 100) &&
    near(found.mean, want.sum / want.count / 100)
  );
}

function describeFound(found: FoundWindow, wrong: readonly string[]): string {
  const digest = found.digestOk ? digestText(found.digestHi, found.digestLo) : "none";
  const all = `count ${found.count}, sum ${found.sum}, min ${found.min}, max ${found.max}`;
  return `${all}, digest ${digest} (wrong: ${wrong.join(", ")})`;
}

function sameDigest(want: WindowState, found: FoundWindow | WindowState): boolean {
  return want.digestHi === found.digestHi && want.digestLo === found.digestLo;
}
