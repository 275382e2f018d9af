/** The loads of bench:pipeline: the scenario `quick`, without its replay, at another rate, fleet and window. */

export type PipelineLoad = {
  readonly name: string;
  readonly perSecond: number;
  /** Of a device: window size ÷ 10 s. */
  readonly readingsAWindow: number;
  readonly devices: number;
};

/** Ten billion a day. */
export const daily = 115_741;
/** Of `quick`. */
const everySeconds = 10;
const warmUpSeconds = 10;
/** So many full cycles of windows lie within the measured load at least. */
const cyclesLeast = 3;

/** Wall seconds in which each device fills a window. */
function cycleSeconds(load: PipelineLoad): number {
  return (load.readingsAWindow * load.devices) / load.perSecond;
}

/**
 * `forSeconds`: of the measured load, at least. Generator health is asked for as far as a saturated machine can give it:
 * the rate must be held; how late sends were is a figure.
 */
export function argumentsOf(
  load: PipelineLoad,
  forSeconds: number,
  stack: string,
): readonly string[] {
  const seconds = Math.max(forSeconds, Math.ceil(cyclesLeast * cycleSeconds(load)));
  const settings = {
    "fleet.devices": load.devices,
    "load.warmUp": `${warmUpSeconds}s`,
    "window.size": `${load.readingsAWindow * everySeconds}s`,
    replay: "[]",
    thresholds: '{ heldRate: [">=99%"] }',
  };
  return [
    ...["run", "quick", "--stack", stack],
    ...["--rate", `${load.perSecond}/s`, "--for", `${seconds}s`],
    ...Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
  ];
}
