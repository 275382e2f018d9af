/**
 * The body of a bulk request (NDJSON), built by hand into one buffer: a document whose bytes came
 * unchanged from Kafka is copied, not parsed and written again. `index` with `version_type: external`:
 * a version that is not newer than the stored one is answered 409.
 */

type BulkOperation = {
  readonly index: string;
  readonly id: string;
  readonly version: number;
  /** JSON bytes on one line, or the object to write as such. */
  readonly source: Uint8Array | object;
};

export type BulkBody = {
  /** False, and nothing is added, when it would take the body past its limits; the first always fits. */
  readonly add: (operation: BulkOperation) => boolean;
  /** The bytes so far. The body is of no more use then. */
  readonly take: () => Buffer;
};

const newline = 0x0a;

export function createBulkBody(maxOperations: number, maxBytes: number): BulkBody {
  let bytes = Buffer.allocUnsafe(64 * 1024);
  let end = 0;
  let operations = 0;
  const reserve = (size: number): void => {
    if (end + size <= bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(bytes.length * 2, end + size));
    bytes.copy(grown, 0, 0, end);
    bytes = grown;
  };
  return {
    add: ({ index, id, version, source }) => {
      const action =
        `{"index":{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)},` +
        `"version":${version},"version_type":"external"}}\n`;
      const text = source instanceof Uint8Array ? undefined : JSON.stringify(source);
      const sourceBytes =
        text === undefined ? (source as Uint8Array).length : Buffer.byteLength(text);
      const size = Buffer.byteLength(action) + sourceBytes + 1;
      if (operations === maxOperations) return false;
      if (operations > 0 && end + size > maxBytes) return false;
      reserve(size);
      end += bytes.write(action, end);
      if (text === undefined) bytes.set(source as Uint8Array, end);
      else bytes.write(text, end);
      end += sourceBytes;
      bytes[end++] = newline;
      operations++;
      return true;
    },
    take: () => bytes.subarray(0, end),
  };
}

/** May these JSON bytes stand in a bulk as they are? A line break (blank space in JSON) would end the line. */
export function isOneLine(json: Uint8Array): boolean {
  return !json.includes(newline) && !json.includes(0x0d);
}
