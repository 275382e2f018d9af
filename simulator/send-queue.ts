/**
 * Sends that wait for their time: delayed readings and second copies, taken out in the total order of a partition,
 * (sendAt, device, index, copy). A binary heap over typed arrays. Hot path: one reading in forty passes through.
 */
export type SendQueue = {
  readonly size: number;
  readonly push: (sendAt: number, device: number, index: number, copy: 0 | 1) => void;
  /** Of the first in order; undefined behaviour when empty. */
  readonly sendAt: () => number;
  readonly device: () => number;
  readonly index: () => number;
  readonly copy: () => 0 | 1;
  readonly drop: () => void;
  /** Whether the first in order comes before this send. */
  readonly isBefore: (sendAt: number, device: number, index: number, copy: number) => boolean;
};

export function createSendQueue(): SendQueue {
  let capacity = 1024;
  let times = new Float64Array(capacity);
  let devices = new Uint32Array(capacity);
  /** index × 2 + copy: below 2^32 because a device sends fewer than 2^31 readings. */
  let copies = new Uint32Array(capacity);
  let size = 0;

  function grow(): void {
    capacity *= 2;
    const [oldTimes, oldDevices, oldCopies] = [times, devices, copies];
    times = new Float64Array(capacity);
    devices = new Uint32Array(capacity);
    copies = new Uint32Array(capacity);
    times.set(oldTimes);
    devices.set(oldDevices);
    copies.set(oldCopies);
  }

  /** Whether the entry in `slot` comes before this send. */
  function before(slot: number, sendAt: number, device: number, copy: number): boolean {
    if (times[slot] !== sendAt) return times[slot]! < sendAt;
    if (devices[slot] !== device) return devices[slot]! < device;
    return copies[slot]! < copy;
  }

  function set(slot: number, sendAt: number, device: number, copy: number): void {
    times[slot] = sendAt;
    devices[slot] = device;
    copies[slot] = copy;
  }

  function push(sendAt: number, device: number, index: number, copy: 0 | 1): void {
    if (size === capacity) grow();
    const entry = index * 2 + copy;
    let slot = size++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (before(parent, sendAt, device, entry)) break;
      set(slot, times[parent]!, devices[parent]!, copies[parent]!);
      slot = parent;
    }
    set(slot, sendAt, device, entry);
  }

  function drop(): void {
    size -= 1;
    const [sendAt, device, entry] = [times[size]!, devices[size]!, copies[size]!];
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && before(right, times[child]!, devices[child]!, copies[child]!)) {
        child = right;
      }
      if (!before(child, sendAt, device, entry)) break;
      set(slot, times[child]!, devices[child]!, copies[child]!);
      slot = child;
    }
    set(slot, sendAt, device, entry);
  }

  return {
    get size() {
      return size;
    },
    push,
    sendAt: () => times[0]!,
    device: () => devices[0]!,
    index: () => copies[0]! >>> 1,
    copy: () => (copies[0]! & 1) as 0 | 1,
    drop,
    isBefore: (sendAt, device, index, copy) =>
      size > 0 && before(0, sendAt, device, index * 2 + copy),
  };
}
