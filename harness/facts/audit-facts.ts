/** What the audit of the raw topic found while it flowed: `audit.json` and the row files beside it. */
import type { ClassCounts, Finding } from "../checks/finding.ts";
import type { Buckets } from "./buckets.ts";
import type { rejectedSpec } from "./rejected-rows.ts";
import type { Table, TableSpec } from "./table.ts";
import type { RowSink } from "./table-sink.ts";
import type { revisionSpec, windowSpec } from "./window-rows.ts";

/** A planned send that the log passed over; `position` counts the partition's sends from 0. */
export const missingSpec = {
  partition: "i32",
  position: "f64",
  device: "i32",
  index: "i32",
  copy: "u8",
} as const satisfies TableSpec;

type RejectedCounts = {
  readonly malformed: number;
  readonly "wrong-partition": number;
  readonly future: number;
  readonly late: number;
  readonly span: number;
};

export type AuditedPartition = {
  readonly partition: number;
  /** The next offset: everything below was audited. */
  readonly endOffset: number;
  readonly records: number;
  readonly folded: number;
  readonly duplicate: number;
  readonly rejected: RejectedCounts;
  /** Rejections that no fate of the plan explains. */
  readonly rejectedUnplanned: number;
  /** Epoch milliseconds at the end of the log; null while it does not exist. */
  readonly streamTime: number | null;
  /** Sends found, byte for byte, at their place or at another. */
  readonly matched: number;
  /** Every planned send from this position on is absent; equal to the plan's total when none is. */
  readonly tailFrom: number;
  /** Whether the plan has sends from `tailFrom` on. */
  readonly tailMissing: boolean;
  /** The first of those sends, a few. Folders of older versions have none on file. */
  readonly tailSends?: readonly {
    readonly position: number;
    readonly device: number;
    readonly index: number;
    readonly copy: number;
  }[];
  /** Offsets of records that look like the run's own poisons. Absent: there were none. */
  readonly strangers?: readonly number[];
  /** Whether memory set an end to the list of passed sends: then loss cannot be decided. */
  readonly overflowed: boolean;
};

/** `audit.json`, to the letter. */
export type AuditJson = {
  readonly schema: 1;
  /** Event ms at which the load ended: no send at or past it was planned. */
  readonly cutAt: number;
  /** Whether the audit reached the end offsets that it was told; else what is missing is only unseen. */
  readonly reachedEnd: boolean;
  readonly partitions: readonly AuditedPartition[];
  readonly foreignDevices: readonly string[];
  /** duplicate, phantom, corrupt, reorder: examples, and the counts of all. */
  readonly findings: readonly Finding[];
  readonly counts: ClassCounts;
};

/** Rows that nothing changes any more, while the topic flows; each goes into its bucket. */
export type AuditRows = {
  readonly buckets: Buckets;
  /** Each window when it can take no reading any more: of a partition, the earlier ones first. */
  readonly windows: RowSink<typeof windowSpec>;
  /** Those of a window before the window itself; `row` counts its bucket's. */
  readonly revisions: RowSink<typeof revisionSpec>;
  readonly rejected: RowSink<typeof rejectedSpec>;
};

/** What is known at the end only, and is small. */
export type AuditEnd = AuditJson & { readonly missing: Table<typeof missingSpec> };

/** The rows of a run, or of one bucket of it. */
export type AuditTables = {
  readonly windows: Table<typeof windowSpec>;
  readonly revisions: Table<typeof revisionSpec>;
  readonly rejected: Table<typeof rejectedSpec>;
};

export type AuditFacts = AuditEnd & AuditTables;
