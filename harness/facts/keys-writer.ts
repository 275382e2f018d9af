/** Writes the file of a store's keys while its rows come: `packed-keys.ts` says what stands in it. */
import { closeSync, openSync } from "node:fs";
import { FactsError } from "./facts-error.ts";
import { type KeysHead, keysEnd, keysStartBytes } from "./packed-keys.ts";
import { blockRowsOf } from "./table-writer.ts";
import { writeAll } from "./write-all.ts";

export type KeysWriter = {
  readonly add: (key: string, bucket?: number) => void;
  /** Writes what waits and the end of the file. Once. */
  readonly end: () => void;
};

/** As `createTableWriter`, beside which it stands. Errors: `FactsError` when the disk refuses. */
export function createKeysWriter(file: string, buckets = 1): KeysWriter {
  const blockRows = blockRowsOf(buckets);
  const waiting = Array.from({ length: buckets }, (): string[] => []);
  const head: KeysHead = { schema: 2, buckets };
  const handle = guarded(() => openSync(file, "w"));
  guarded(() => writeAll(handle, Buffer.from(`${JSON.stringify(head)}\n`)));
  let written = 0;

  function guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw new FactsError(`cannot write ${file}`, { cause });
    }
  }

  function writeBlock(bucket: number): void {
    const keys = waiting[bucket]!;
    const start = Buffer.alloc(keysStartBytes);
    const ends = new Uint32Array(keys.length);
    let bytes = 0;
    for (const [nth, key] of keys.entries()) {
      bytes += Buffer.byteLength(key);
      ends[nth] = bytes;
    }
    for (const [nth, word] of [keys.length, bucket, bytes].entries()) {
      start.writeUInt32LE(word, nth * 4);
    }
    writeAll(handle, start);
    writeAll(handle, new Uint8Array(ends.buffer));
    writeAll(handle, Buffer.from(keys.join("")));
    written += keys.length;
    waiting[bucket] = [];
  }

  function writeEnd(): void {
    for (const [bucket, keys] of waiting.entries()) if (keys.length > 0) writeBlock(bucket);
    writeAll(handle, keysEnd(written));
    closeSync(handle);
  }

  return {
    add: (key, bucket = 0) => {
      const keys = waiting[bucket]!;
      keys.push(key);
      if (keys.length === blockRows) guarded(() => writeBlock(bucket));
    },
    end: () => guarded(writeEnd),
  };
}
