/**
 * A checkpoint as records of the compacted checkpoint topic: split into values of at most half a mebibyte,
 * keyed `<slot>/<chunk>`. Two slots take turns, so that a successor which was never committed cannot make
 * compaction remove the checkpoint that the committed offset names.
 */
import type { RecordView } from "../kafka/wire/record-cursor.ts";
import { AggregatorError } from "./aggregator-error.ts";
import { checkpointFormat } from "./checkpoint-name.ts";
import type { AggregatorConfig } from "./config.ts";
import { batchBytes, type Outbox } from "./outbox.ts";

export type Checkpoint = {
  readonly sequence: number;
  /** Raw offset up to which the state is folded. */
  readonly input: number;
  readonly chunks: number;
  /** Settings that the state depends on: with others it would mean something else. */
  readonly fingerprint: string;
  readonly state: Buffer;
};

type ChunkHead = Omit<Checkpoint, "state"> & { readonly format: number; readonly chunk: number };

/** Room for the head and the record's own lengths beside the state. */
const chunkBytes = batchBytes - 4096;

/** The settings that make two states comparable, readable in an error message. */
export function fingerprintOf(config: AggregatorConfig, partitions: number): string {
  const { size, grace, retention, ahead, quorum, span } = config.window;
  const { digestKey } = config;
  return JSON.stringify({ size, grace, retention, ahead, quorum, span, digestKey, partitions });
}

/** Appends the records of a checkpoint to `outbox`; returns how many. */
export function appendCheckpoint(outbox: Outbox, checkpoint: Omit<Checkpoint, "chunks">): number {
  const { sequence, input, fingerprint, state } = checkpoint;
  const chunks = Math.max(1, Math.ceil(state.length / chunkBytes));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const head = { format: checkpointFormat, sequence, input, chunk, chunks, fingerprint };
    const key = Buffer.from(`${sequence & 1}/${chunk}`);
    const text = Buffer.from(JSON.stringify(head));
    const part = state.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    const value = Buffer.concat([length, text, part]);
    outbox.append(key, 0, key.length, value, 0, value.length);
  }
  return chunks;
}

export type CheckpointReader = {
  /** Takes the next record of the topic; returns a checkpoint when the record completes one. */
  readonly take: (record: RecordView) => Checkpoint | undefined;
};

/** Puts checkpoints together again. Compaction leaves parts of old ones behind: they are passed over. */
export function createCheckpointReader(): CheckpointReader {
  let sequence = -1;
  let parts: Buffer[] = [];
  return {
    take: (record) => {
      if (record.valueEnd < 0) return undefined;
      const value = record.bytes.subarray(record.valueStart, record.valueEnd);
      const { head, part } = readChunk(value, record.offset);
      if (head.chunk === 0) {
        sequence = head.sequence;
        parts = [];
      }
      if (head.sequence !== sequence || head.chunk !== parts.length) return undefined;
      // Copied: the record's bytes belong to a fetch that is soon gone.
      parts.push(Buffer.from(part));
      if (parts.length < head.chunks) return undefined;
      return { ...head, state: Buffer.concat(parts) };
    },
  };
}

function readChunk(value: Buffer, offset: number): { head: ChunkHead; part: Buffer } {
  let head: ChunkHead | undefined;
  const end = value.length < 4 ? 0 : 4 + value.readUInt32LE(0);
  try {
    head = JSON.parse(value.subarray(4, end).toString()) as ChunkHead;
  } catch (cause) {
    throw foreign(offset, cause);
  }
  if (head?.format !== checkpointFormat) throw foreign(offset, undefined);
  return { head, part: value.subarray(end) };
}

function foreign(offset: number, cause: unknown): AggregatorError {
  return new AggregatorError(
    "checkpoint",
    `offset ${offset} of the checkpoint topic holds no checkpoint of format ${checkpointFormat}`,
    cause,
  );
}
