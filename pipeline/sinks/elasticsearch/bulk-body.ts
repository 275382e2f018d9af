/**
 * The body of a bulk request (NDJSON), built by hand into one buffer: a document whose bytes came
 * unchanged from Kafka is copied, not parsed and written again. Hot path.
 */

type Target = {
  /** As JSON text, quotes included: the same for many operations. */
  readonly index: string;
  readonly id: string;
};

/** JSON bytes on one line, or the object to write as such. */
type Source = Uint8Array | object;

export type BulkOperation =
  /** With `version_type: external` a version that is not newer than the stored one is answered 409. */
  | (Target & {
      readonly kind: "index";
      readonly version: number;
      /** An ingest pipeline. */
      readonly pipeline: string | undefined;
      readonly source: Source;
    })
  /** Without a version whatever is there is deleted. */
  | (Target & { readonly kind: "delete"; readonly version: number | undefined })
  /** Adds the document's fields to the stored one, or stores it. */
  | (Target & { readonly kind: "merge"; readonly source: Source });

export type BulkBody = {
  /** False, and nothing is added, when it would take the body past its limits; the first always fits. */
  readonly add: (operation: BulkOperation) => boolean;
  /** The bytes so far. The body is of no more use then. */
  readonly take: () => Buffer;
};

const newline = 0x0a;

/** Elasticsearch repeats a merge that another write overtook, so often. */
const mergeRetries = 3;

/** `expectedBytes`: about what the body will hold; a right guess saves copying. */
export function createBulkBody(
  maxOperations: number,
  maxBytes: number,
  expectedBytes = 64 * 1024,
): BulkBody {
  let bytes = Buffer.allocUnsafe(expectedBytes);
  let end = 0;
  let operations = 0;
  const reserve = (size: number): void => {
    if (end + size <= bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(bytes.length * 2, end + size));
    bytes.copy(grown, 0, 0, end);
    bytes = grown;
  };
  const text = (line: string): void => {
    reserve(line.length * 3); // UTF-8 of a UTF-16 unit is never longer.
    end += bytes.write(line, end);
  };
  const json = (source: Source): void => {
    if (!(source instanceof Uint8Array)) {
      text(JSON.stringify(source));
      return;
    }
    reserve(source.length);
    bytes.set(source, end);
    end += source.length;
  };
  return {
    add: (operation) => {
      if (operations === maxOperations) return false;
      const before = end;
      text(actionLine(operation));
      if (operation.kind === "index") json(operation.source);
      if (operation.kind === "merge") {
        text('{"doc":');
        json(operation.source);
        text(',"doc_as_upsert":true}');
      }
      if (operation.kind !== "delete") text("\n");
      if (operations > 0 && end > maxBytes) {
        end = before;
        return false;
      }
      operations++;
      return true;
    },
    take: () => bytes.subarray(0, end),
  };
}

function actionLine(operation: BulkOperation): string {
  const { index, id, kind } = operation;
  const target = `"_index":${index},"_id":${JSON.stringify(id)}`;
  if (kind === "merge") return `{"update":{${target},"retry_on_conflict":${mergeRetries}}}\n`;
  const { version } = operation;
  const guard = version === undefined ? "" : `,"version":${version},"version_type":"external"`;
  if (kind === "delete") return `{"delete":{${target}${guard}}}\n`;
  const { pipeline } = operation;
  const through = pipeline === undefined ? "" : `,"pipeline":${JSON.stringify(pipeline)}`;
  return `{"index":{${target}${guard}${through}}}\n`;
}

/** May these JSON bytes stand in a bulk as they are? A line break (blank space in JSON) would end the line. */
export function isOneLine(json: Uint8Array): boolean {
  return !json.includes(newline) && !json.includes(0x0d);
}
