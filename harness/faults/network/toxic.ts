/** What a proxy does to the bytes of a link, and what it has seen of it. */

/** From the stage to the server, and back. */
export type Direction = "requests" | "responses";
export const directions = ["requests", "responses"] as const;

export type Toxic =
  /** Each chunk comes `byMs` later, more or less by up to `jitterMs`; order stays within a connection. */
  | {
      readonly kind: "delay";
      readonly byMs: number;
      readonly jitterMs: number;
      readonly ways: readonly Direction[];
    }
  /** Each direction so many, all connections together. */
  | { readonly kind: "narrow"; readonly bytesPerSecond: number }
  /** Pieces of at most so many bytes, each a write of its own. */
  | { readonly kind: "slice"; readonly bytes: number }
  /** Bytes are read and thrown away; a connection that lost some is reset when the link heals. */
  | { readonly kind: "cut"; readonly ways: readonly Direction[] }
  /** Connections are reset, and nobody listens. */
  | { readonly kind: "refuse" }
  /** Half of each connection's next request passes, then both sides are reset. Again every `everyMs`. */
  | { readonly kind: "reset"; readonly everyMs: number }
  /** Of each connection's next response `bytes` bytes pass, then it is closed. Again every `everyMs`. */
  | { readonly kind: "lose"; readonly everyMs: number; readonly bytes: number }
  /** HTTP: a share (0..1) of the items of bulk requests is answered 429; 1: whole requests. */
  | { readonly kind: "overload"; readonly share: number };

/** What has happened since it began. */
export type ToxicTrace = {
  /** That were late, paced, cut into pieces, or swallowed. */
  readonly bytes: number;
  /** That it touched. */
  readonly connections: number;
  /** Requests broken off, responses lost, connections reset, items of bulks refused. */
  readonly hits: number;
};

/** A toxic while it works. */
export type Disturbance = {
  readonly trace: () => ToxicTrace;
  /** Heals the link; resolves when clients get through again. A second call does nothing. */
  readonly end: () => Promise<void>;
};
