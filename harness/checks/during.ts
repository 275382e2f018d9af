/**
 * Which fault or replay was on when a finding came about: when its reading was sent, or from when
 * its window was filled until it was written. From the record alone: event time becomes wall time
 * by the run's time scale. Beside the disturbances that the scenario asked for there may have been
 * others that nobody knows of.
 */
import { emptyPlannedReading } from "../../simulator/plan.ts";
import type { WholeFacts } from "../facts/run-facts.ts";
import type { FaultRecord } from "../facts/run-record.ts";
import type { Finding } from "./finding.ts";

type Facts = Pick<WholeFacts, "record" | "plan">;
/** Wall milliseconds after the load began, both ends included. */
type Stretch = { readonly fromMs: number; readonly untilMs: number };
type Disturbance = Stretch & { readonly name: string };

/** A closed window is in the stores after so long, unless something is wrong. */
const writtenWithinMs = 2_000;
const namesMax = 3;

/** `kill aggregator-0 at 14 s`. */
export function faultName({ kind, target, atMs }: Pick<FaultRecord, "kind" | "target" | "atMs">) {
  return `${kind} ${target} at ${Math.round(atMs / 1_000)} s`;
}

/** The finding with its `during`, where something was on and it does not have one already. */
export function createDuring(facts: Facts): (finding: Finding) => Finding {
  const disturbances = disturbancesOf(facts);
  const stretchesOf = createStretches(facts);
  return (finding) => {
    if (finding.during !== undefined || disturbances.length === 0) return finding;
    const stretches = stretchesOf(finding);
    const on = disturbances.filter((disturbance) =>
      stretches.some(
        ({ fromMs, untilMs }) => disturbance.fromMs <= untilMs && fromMs <= disturbance.untilMs,
      ),
    );
    if (on.length === 0) return finding;
    const names = on.slice(0, namesMax).map(({ name }) => name);
    const more = on.length > namesMax ? [`${on.length - namesMax} more`] : [];
    return { ...finding, during: [...names, ...more].join(", ") };
  };
}

/** Those whose times are on file; in folders of earlier versions they are not. */
function disturbancesOf({ record }: Facts): readonly Disturbance[] {
  // A replay has a record for each store.
  const replays = new Map(
    record.replays.flatMap(({ mode, step, atMs }) =>
      atMs === undefined ? [] : [[`${step} ${mode}`, { mode, atMs }] as const],
    ),
  );
  const faults = record.faults.flatMap((fault): readonly Disturbance[] => {
    const { atMs, untilMs, recoveredMs, effect } = fault;
    if (effect === null || untilMs === undefined) return [];
    const ends = [untilMs ?? Number.POSITIVE_INFINITY];
    if (typeof recoveredMs === "number") ends.push(atMs + recoveredMs);
    const last = untilMs === null && ends.length > 1 ? ends[1]! : Math.max(...ends);
    return [{ name: faultName(fault), fromMs: atMs, untilMs: last }];
  });
  const again = [...replays.values()].map(({ mode, atMs }) => ({
    name: `replay ${mode}`,
    fromMs: atMs,
    untilMs: Number.POSITIVE_INFINITY,
  }));
  return [...faults, ...again];
}

function createStretches({ record, plan }: Facts): (finding: Finding) => readonly Stretch[] {
  const { startAt, window } = plan.options;
  const { timeScale } = record;
  if (timeScale === undefined) return () => [];
  const wallOf = (eventMs: number): number => (eventMs - startAt) / timeScale;
  const reading = emptyPlannedReading();

  function sent({ device, boot = 0, seq }: Finding): readonly Stretch[] {
    if (device === undefined || seq === undefined) return [];
    const id = Buffer.from(device);
    const known = plan.deviceOf(id, 0, id.length);
    if (known < 0) return [];
    const index = plan.indexOf(known, boot, seq);
    if (index < 0 || index >= plan.readingsOf(known)) return [];
    plan.fill(known, index, reading);
    // Without a second copy its time is -1, which is before any load.
    const times = [reading.sendAt, reading.duplicateAt].map(wallOf);
    return times.map((at) => ({ fromMs: at, untilMs: at }));
  }

  function filled({ window: start }: Finding): readonly Stretch[] {
    if (start === undefined) return [];
    const closes = wallOf(start + window.sizeMs + window.graceMs);
    return [{ fromMs: wallOf(start), untilMs: closes + writtenWithinMs }];
  }

  return (finding) => [...sent(finding), ...filled(finding)];
}
