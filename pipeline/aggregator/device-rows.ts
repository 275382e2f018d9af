/** What the device table knows of a device: a row of eight numbers, half a cache line, and its text. */

/** Where the fields of a slot's row lie. */
export const deviceField = {
  hash: 0,
  /** In `text`: the id ends where the home begins. */
  idStart: 1,
  homeStart: 2,
  homeEnd: 3,
  /** Index into the contract's `models`. */
  model: 4,
  digestHi: 5,
  digestLo: 6,
  /** First of the device's open windows; in a free slot the next free slot. */
  firstWindow: 7,
} as const;

/** A row has eight numbers; as a shift. */
export const rowShift = 3;

export type DeviceTable = {
  readonly digestKey: readonly [number, number];
  /** Id and home bytes of all slots, appended; compacted when more than half of it belongs to nobody. */
  text: Uint8Array<ArrayBuffer>;
  textUsed: number;
  textLost: number;
  /** Rows. */
  cells: Int32Array;
  /**
   * Slot + 1 by hash; 0 is empty. Its length is a power of two, a quarter of it at least is empty.
   */
  index: Int32Array;
  free: number;
  used: number;
  size: number;
  /** The slot that was found last. */
  last: number;
};

/** Where the row of a slot begins in `cells`. */
export function rowOf(slot: number): number {
  return slot << rowShift;
}
