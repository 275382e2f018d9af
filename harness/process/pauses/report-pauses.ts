/**
 * Loaded into every Node process of a run before its own code (`node --import`): measures its pauses and tells them over
 * the channel to the harness. So a job is measured like the fleet, and knows nothing of it. A process without a channel
 * measures nothing.
 */
import { systemClock } from "../../../simulator/clock.ts";
import { startPauseMeter } from "./pause-meter.ts";

if (process.connected) {
  // A harness that is gone cannot be told, and is no reason to end: that is for the process itself to decide.
  startPauseMeter(systemClock, (report) => {
    if (process.connected) process.send?.(report, undefined, undefined, () => undefined);
  });
}
