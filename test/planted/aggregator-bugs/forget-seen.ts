/**
 * Planted bug: a checkpoint holds the windows and not which readings are in them: after a restart a
 * copy is new again.
 * Ancestors: apache/pulsar #25954 (copies accepted after a recovery of the deduplication).
 */

import type { WindowFold } from "../../../pipeline/aggregator/fold.ts";
import { noEntry } from "../../../pipeline/aggregator/growth.ts";
import { field } from "../../../pipeline/aggregator/window-store.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { onRestore } from "./restored-states.ts";

export function forgetSeen(kafka: Kafka): Kafka {
  return onRestore(kafka, forget);
}

function forget(state: WindowFold): WindowFold {
  const { cells, words, used } = state.windows;
  for (let window = 0; window < used; window++) {
    cells.fill(0, window * words + field.bits, (window + 1) * words);
  }
  state.seen.bits.fill(0);
  state.seen.spill.fill(noEntry);
  return state;
}
