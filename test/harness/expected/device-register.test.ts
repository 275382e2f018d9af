import { expect, test } from "vitest";
import { deviceHash } from "../../../harness/expected/contributor.ts";
import { createDeviceRegister } from "../../../harness/expected/device-register.ts";
import { keyPartition } from "../../../harness/expected/key-partition.ts";
import { options, plan } from "../checks/history.ts";

const key = [3, 4] as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
function registered(ids: readonly string[]) {
  const register = createDeviceRegister(plan, key);
  const indexOf = (id: string) => register.indexOf(bytes(`..${id}..`), 2, 2 + bytes(id).length);
  return { register, indexOf, indexes: ids.map(indexOf) };
}

test("the plan's devices keep their index; foreign ones follow in the order in which they came", () => {
  const ids = [plan.deviceId(3), "stranger", plan.deviceId(0), "überall", "stranger"];
  const { register, indexes } = registered(ids);
  const next = plan.allDevices;
  expect(indexes).toEqual([3, next, 0, next + 1, next]);
  expect(register.foreign()).toEqual(["stranger", "überall"]);
});

test("partition and hash are those of the id, also after there were many foreign ones", () => {
  const ids = [plan.deviceId(3), ...Array.from({ length: 500 }, (_, k) => `stranger-${k}`)];
  const { register, indexes } = registered(ids);
  for (const [nth, id] of ids.entries()) {
    const index = indexes[nth]!;
    expect(register.partitionOf(index)).toBe(keyPartition(bytes(id), options.partitions));
    const hash = { hi: register.hashHi(index), lo: register.hashLo(index) };
    expect(hash).toEqual(deviceHash(bytes(id), key));
  }
});

test("a hundred thousand foreign ids are enough, and the limit is said", () => {
  const ids = Array.from({ length: 100_000 }, (_, k) => `${k}`);
  const { indexOf, indexes } = registered(ids);
  expect(indexes.at(-1)).toBe(plan.allDevices + 99_999);
  expect(() => indexOf("one more")).toThrow("over 100000 foreign devices");
  expect(indexOf("7")).toBe(plan.allDevices + 7);
});
