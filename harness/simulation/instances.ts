/**
 * The instances of one stage: each in its slot, behind its gate, with a successor for each that dies. As a process
 * supervisor would, it starts anew what gave up because nobody answered; any other end of its own is a finding.
 */
import type { Clock } from "../../pipeline/clock.ts";
import { KafkaError } from "../../pipeline/kafka/port.ts";
import { SinkError } from "../../pipeline/sinks/sink.ts";
import { createGate, type Gate, type GateWorld } from "./gate.ts";
import type { MemoryClient } from "./memory-kafka.ts";

export type Slot = {
  /** Ends the instance cleanly; resolves when it has gone. One that dies meanwhile has no successor. */
  readonly leave: () => Promise<void>;
  readonly hold: () => void;
  readonly release: () => void;
};

export type InstanceParts = {
  readonly gate: Gate;
  readonly client: MemoryClient;
  readonly clock: Clock;
  readonly slot: number;
  readonly signal: AbortSignal;
};

export type SlotOptions = {
  readonly world: GateWorld;
  readonly slot: number;
  readonly connect: (gate: Gate) => MemoryClient;
  /** Until its signal is aborted. */
  readonly run: (parts: InstanceParts) => Promise<void>;
  readonly nextInstance: () => number;
  /** Of an end that nothing explains. */
  readonly onFailure: (error: unknown) => void;
};

const restartMaxMs = 300;

export function occupySlot(options: SlotOptions): Slot {
  const { world, slot, connect, run, nextInstance, onFailure } = options;
  const { clock, random } = world;
  const leaving = new AbortController();
  let client: MemoryClient | undefined;
  let isHeld = false;

  async function live(): Promise<void> {
    while (!leaving.signal.aborted) {
      const gate = createGate(world, nextInstance());
      client = connect(gate);
      endWith(world.over, leaving, client);
      if (isHeld) client.hold();
      const parts = { gate, client, clock: gate.clock, slot, signal: leaving.signal };
      const ended = run(parts).then(
        () => "left" as const,
        (error: unknown) => ({ error }),
      );
      const outcome = await Promise.race([ended, gate.crashed.then(() => "crashed" as const)]);
      if (outcome === "left") return;
      if (outcome !== "crashed" && !leaving.signal.aborted && !isOutage(outcome.error)) {
        onFailure(outcome.error);
        return;
      }
      await clock.sleep(random.below(restartMaxMs));
    }
  }

  const lived = live();
  return {
    leave: () => {
      leaving.abort(new Error("the instance is to leave"));
      return lived;
    },
    hold: () => {
      isHeld = true;
      client?.hold();
    },
    release: () => {
      isHeld = false;
      client?.release();
    },
  };
}

/** Nobody may listen any more: a composed signal lives as long as its listeners, and with it the whole world. */
function endWith(over: AbortSignal, leaving: AbortController, client: MemoryClient): void {
  const end = (): void => {
    leaving.abort(over.reason);
    void client.close();
  };
  over.addEventListener("abort", end, { once: true });
}

function isOutage(error: unknown): boolean {
  return (
    (error instanceof KafkaError || error instanceof SinkError) && error.code === "unavailable"
  );
}
