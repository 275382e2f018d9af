/** Where event time and wall time meet: `startAt` happens at `originMs`, and a fleet may live faster than life. */
export type Schedule = {
  /** Wall time, epoch ms, of event time `startAt`. */
  readonly originMs: number;
  readonly startAt: number;
  /** Event milliseconds a wall millisecond. */
  readonly timeScale: number;
};

/** When, in wall time, a reading is intended to leave. */
export function intendedAtMs(schedule: Schedule, sendAt: number): number {
  return schedule.originMs + (sendAt - schedule.startAt) / schedule.timeScale;
}

export function eventAtMs(schedule: Schedule, wallMs: number): number {
  return schedule.startAt + (wallMs - schedule.originMs) * schedule.timeScale;
}
