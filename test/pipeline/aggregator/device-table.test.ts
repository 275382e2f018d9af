import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeviceTable } from "../../../pipeline/aggregator/device-rows.ts";
import {
  addDevice,
  createDeviceTable,
  findDevice,
  removeDevice,
  sameHome,
  setHome,
} from "../../../pipeline/aggregator/device-table.ts";
import { noEntry } from "../../../pipeline/aggregator/growth.ts";

function find(table: DeviceTable, id: string, hash: number): number {
  const bytes = Buffer.from(id);
  return findDevice(table, hash, bytes, 0, bytes.length);
}

function add(table: DeviceTable, id: string, hash: number): number {
  const bytes = Buffer.from(id);
  const slot = addDevice(table, hash, bytes, 0, bytes.length);
  const home = Buffer.from(`home of ${id}`);
  setHome(table, slot, home, 0, home.length);
  return slot;
}

/** Few values, so that many ids collide. */
const hashOf = (id: string): number => (id.length % 3) - 1;

test("it knows exactly the devices that were added and not removed, with their text", () => {
  const steps = fc.array(fc.record({ id: fc.string({ maxLength: 8 }), remove: fc.boolean() }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const table = createDeviceTable([0, 0]);
      const known = new Map<string, number>();
      for (const { id, remove } of all) {
        const slot = known.get(id);
        expect(find(table, id, hashOf(id))).toBe(slot ?? noEntry);
        if (slot === undefined) known.set(id, add(table, id, hashOf(id)));
        else if (remove) {
          removeDevice(table, slot);
          known.delete(id);
        }
      }
      expect(table.size).toBe(known.size);
      expect(new Set(known.values()).size).toBe(known.size);
      for (const [id, slot] of known) {
        expect(find(table, id, hashOf(id))).toBe(slot);
        const home = Buffer.from(`home of ${id}`);
        expect(sameHome(table, slot, home, 0, home.length)).toBe(true);
      }
    }),
  );
});

test("text of devices that are gone is reclaimed", () => {
  const table = createDeviceTable([0, 0]);
  const kept = add(table, "kept", 1);
  for (let i = 0; i < 20_000; i++) removeDevice(table, add(table, `device-${i}`, i));
  expect(table.text.length).toBeLessThan(16_384);
  expect(find(table, "kept", 1)).toBe(kept);
  const home = Buffer.from("home of kept");
  expect(sameHome(table, kept, home, 0, home.length)).toBe(true);
});

test("it grows far past its first size", () => {
  const table = createDeviceTable([0, 0]);
  for (let i = 0; i < 5000; i++) add(table, `device-${i}`, i % 700);
  for (let i = 0; i < 5000; i++) expect(find(table, `device-${i}`, i % 700)).toBe(i);
});
