/** Which reading a raw record says that it is: the evidence of a finding, believed by nobody. */
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { readReading } from "../../pipeline/contract/reading-codec.ts";
import type { LogRecord } from "../expected/log-record.ts";

export type Claim = { readonly device: string; readonly boot?: number; readonly seq?: number };

/** The key as text, and the reading's own numbers where the value can be read. */
export function claimOf({ bytes, keyStart, keyEnd, valueStart, valueEnd }: LogRecord): Claim {
  const device = keyEnd < 0 ? "" : Buffer.from(bytes.subarray(keyStart, keyEnd)).toString("utf8");
  const reading = emptyRawReading();
  const isReading = valueEnd >= 0 && readReading(bytes, valueStart, valueEnd, reading);
  return isReading ? { device, boot: reading.boot, seq: reading.seq } : { device };
}
