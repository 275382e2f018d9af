/** What a disturbed link has seen, in words and numbers. */
import { count } from "../start-instance.ts";
import type { Toxic, ToxicTrace } from "./toxic.ts";

/** `lasted`: `5.0 s`. Null: nothing came by, so nothing was disturbed. */
export function traceSentence(toxic: Toxic, trace: ToxicTrace, lasted: string): string | null {
  const { bytes, connections, hits } = trace;
  const on = `${bytes} bytes on ${count(connections, "connection")}`;
  switch (toxic.kind) {
    case "delay": {
      const { byMs, jitterMs, ways } = toxic;
      const which = ways.length === 1 ? ` of ${ways[0]}` : "";
      const jitter = jitterMs > 0 ? ` ± ${jitterMs} ms` : "";
      return bytes === 0 ? null : `for ${lasted}, ${on}${which} came ${byMs} ms${jitter} late`;
    }
    case "narrow":
      return bytes === 0
        ? null
        : `for ${lasted}, ${on} passed at ${toxic.bytesPerSecond} bytes a second`;
    case "slice":
      return bytes === 0 ? null : `for ${lasted}, ${on} came in ${count(hits, "piece")}`;
    case "cut": {
      const which = toxic.ways.length === 1 ? ` of ${toxic.ways[0]}` : "";
      return bytes === 0 ? null : `for ${lasted}, ${on}${which} were swallowed`;
    }
    case "refuse":
      return hits === 0
        ? null
        : `${count(hits, "connection")} broken, and new ones refused for ${lasted}`;
    case "reset":
      return hits === 0 ? null : `for ${lasted}, ${count(hits, "request")} broken off by RST`;
    case "lose":
      return hits === 0 ? null : `for ${lasted}, ${count(hits, "response")} lost`;
    case "overload":
      return hits === 0
        ? null
        : `for ${lasted}, ${count(hits, "item")} of bulk requests answered 429`;
  }
}
