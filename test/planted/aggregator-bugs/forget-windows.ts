/**
 * Planted bug: after a restart stream time and position are as they were, and the open windows are
 * empty.
 * Ancestors: faust-streaming/faust #193, apache/incubator-heron #2754.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { onRestore, withoutWindows } from "./restored-states.ts";

export function forgetWindows(kafka: Kafka): Kafka {
  return onRestore(kafka, withoutWindows);
}
