/** The aggregator's file, to the letter of the contract: strict keys, units in values, all faults at once. */
import { z } from "zod";
import { parseDuration } from "../contract/duration.ts";
import { checkpointsTopic } from "../contract/names.ts";

export type WindowConfig = {
  /** Milliseconds, as are `grace`, `retention` and `ahead`. */
  readonly size: number;
  /** A window is first emitted when stream time reaches its end + grace. */
  readonly grace: number;
  /** A reading is late when stream time has reached its window's end + retention. */
  readonly retention: number;
  /** A reading further than this ahead of stream time is rejected as `future`. */
  readonly ahead: number;
  /** Distinct devices whose `at` makes stream time. */
  readonly quorum: number;
  /** Width of the duplicate bitmap in sequence numbers, a power of two. */
  readonly span: number;
};

export type AggregatorConfig = {
  readonly group: string;
  readonly topics: {
    readonly raw: string;
    readonly aggregated: string;
    readonly rejected: string;
    readonly checkpoints: string;
  };
  readonly window: WindowConfig;
  /** Milliseconds between transactions. */
  readonly commitEvery: number;
  /** Milliseconds between the checkpoints of one partition. */
  readonly checkpointEvery: number;
  /** Two 32-bit key words of the contributor digest. */
  readonly digestKey: readonly [number, number];
  /** A partition silent for so many milliseconds emits by the wall clock; undefined: never. */
  readonly idleEmitAfter: number | undefined;
  /** Address of the metrics server. */
  readonly listen: string | undefined;
};

export type ParsedConfig =
  | { readonly ok: true; readonly config: AggregatorConfig }
  /** One sentence each, beginning with the path of the key. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a value read from YAML or JSON. A faulty file is an expected outcome: nothing is thrown. */
export function parseAggregatorConfig(value: unknown): ParsedConfig {
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(describe) };
  }
  const { topics, ...rest } = parsed.data;
  const checkpoints = topics.checkpoints ?? checkpointsTopic(rest.group);
  return {
    ok: true,
    config: {
      ...rest,
      topics: { ...topics, checkpoints },
      idleEmitAfter: rest.idleEmitAfter === "off" ? undefined : rest.idleEmitAfter,
      listen: rest.listen,
    },
  };
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? "the file" : issue.path.join(".");
  return `${path}: ${issue.message}`;
}

/** A window's bitmap costs span ÷ 8 bytes for each device: beyond this a typo would eat the memory. */
const maxSpan = 1 << 20;

const name = z.string().min(1);
const uint32 = z.int().min(0).max(0xffff_ffff);

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && Number.isSafeInteger(ms)) return ms;
  context.addIssue({ code: "custom", message: `"${text}" is no duration such as 200ms, 30s, 5m` });
  return z.NEVER;
});

const someTime = duration.refine((ms) => ms > 0, "must be longer than nothing");

const window = z
  .strictObject({
    size: someTime,
    grace: duration,
    retention: duration,
    ahead: someTime.default(3_600_000),
    quorum: z.int().min(1).max(64).default(3),
    span: z
      .int()
      .min(64)
      .max(maxSpan)
      .refine((span) => Number.isInteger(Math.log2(span)), "must be a power of two"),
  })
  .refine(({ grace, retention }) => retention >= grace, {
    path: ["retention"],
    message: "must not be shorter than grace",
  });

const file = z.strictObject({
  group: name,
  topics: z.strictObject({
    raw: name,
    aggregated: name,
    rejected: name,
    checkpoints: name.optional(),
  }),
  window,
  commitEvery: someTime.default(200),
  checkpointEvery: someTime.default(60_000),
  digestKey: z.tuple([uint32, uint32]).default([0, 0]),
  idleEmitAfter: z.union([z.literal("off"), someTime]).default("off"),
  listen: name.optional(),
});
