/**
 * The items of a bulk request to Elasticsearch, of which some are refused: they never reach the store, and stand as 429
 * in the answer, at their places. As a node answers whose memory for indexing is full. Pure.
 */

/** Action line and, but for a delete, source line, line feeds included. */
type Part = { readonly action: string; readonly bytes: Buffer };

export type SplitBulk = {
  /** What the store still gets; empty: nothing. */
  readonly kept: Buffer;
  readonly refused: number;
  /** By item of the request: its action where it was refused, undefined where it was kept. */
  readonly refusals: readonly (string | undefined)[];
};

const newline = 0x0a;

/** `isRefused` is asked once for each item. Errors: a body that is no bulk. */
export function splitBulk(body: Buffer, isRefused: () => boolean): SplitBulk {
  const parts = partsOf(body);
  const refusals = parts.map(({ action }) => (isRefused() ? action : undefined));
  const kept = parts.filter((_, at) => refusals[at] === undefined).map(({ bytes }) => bytes);
  const refused = parts.length - kept.length;
  return { kept: Buffer.concat(kept), refused, refusals };
}

function partsOf(body: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = endOfLine(body, at);
    const line = body.toString("utf8", at, lineEnd).trim();
    const [action] = line === "" ? [] : Object.keys(JSON.parse(line) as object);
    const end = action === undefined || action === "delete" ? lineEnd : endOfLine(body, lineEnd);
    if (action !== undefined) parts.push({ action, bytes: body.subarray(at, end) });
    at = end;
  }
  return parts;
}

function endOfLine(body: Buffer, from: number): number {
  const at = body.indexOf(newline, from);
  return at < 0 ? body.length : at + 1;
}

/** `answer`: to the items that were kept. Errors: it has another number of them. */
export function mergeAnswer(
  answer: { readonly items?: readonly object[] },
  refusals: SplitBulk["refusals"],
): object {
  const answered = [...(answer.items ?? [])];
  const items = refusals.map((action) =>
    action === undefined ? answered.shift() : { [action]: { status: 429, error: rejection } },
  );
  if (answered.length > 0 || items.includes(undefined)) {
    throw new Error("Elasticsearch answered another number of items than it was sent.");
  }
  return { ...answer, errors: true, items };
}

const rejection = {
  type: "es_rejected_execution_exception",
  reason:
    "rejected execution of coordinating operation [coordinating_and_primary_bytes=107374182, " +
    "replica_bytes=0, all_bytes=107374182, coordinating_operation_bytes=1048576, " +
    "max_coordinating_and_primary_bytes=107374182]",
} as const;

/** The answer to a request that is refused as a whole. */
export const wholeRejection = {
  error: { root_cause: [rejection], ...rejection },
  status: 429,
} as const;

/** Answers true for a share (0..1) of the calls, as evenly as can be. */
export function everySo(share: number): () => boolean {
  let calls = 0;
  return () => {
    calls++;
    return Math.floor(calls * share) > Math.floor((calls - 1) * share);
  };
}
