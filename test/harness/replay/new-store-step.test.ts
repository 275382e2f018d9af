import { expect, test } from "vitest";
import {
  beginNewStore,
  endNewStore,
  type NewStorePorts,
} from "../../../harness/replay/new-store-step.ts";
import { numberSteps } from "../../../harness/replay/numbered-steps.ts";
import { type Row, rowsOf, stateOf, withRow } from "./states.ts";

const rows = rowsOf(4);
const [step] = numberSteps([{ kind: "new-store", atMs: 20_000 }]);

async function fill(
  fresh: readonly Row[],
  options: { readonly writes?: number; readonly start?: bigint } = {},
) {
  const did: string[] = [];
  let writes = 0;
  const ports: NewStorePorts = {
    stores: ["elasticsearch"],
    start: async (store) => {
      writes = options.writes ?? 4;
      did.push(`start ${store}`);
    },
    stop: async (store) => void did.push(`stop ${store}`),
    log: async () => ({ start: [options.start ?? 0n], upTo: [6n] }),
    evidence: async () =>
      new Map([["elasticsearch", { store: "elasticsearch", writes, notNewer: null }]]),
    scan: async () => new Map([["elasticsearch", stateOf(fresh, "r1-new1-temperatures-")]]),
  };
  const begun = await beginNewStore(ports);
  const [record] = await endNewStore(begun, ports, {
    step: step!,
    old: new Map([["elasticsearch", stateOf(rows)]]),
    count: { records: ({ upTo }) => Number(upTo[0]), leastWrites: () => undefined },
  });
  return { record: record!, did };
}

test("the new store holds what the old one holds, and its own counter shows the writes", async () => {
  const { record, did } = await fill(rows);
  expect(did).toEqual(["start elasticsearch", "stop elasticsearch"]);
  expect(record).toMatchObject({
    mode: "new-store 20s",
    records: 6,
    writesSeen: 4,
    writesLeast: 4,
    digestBefore: stateOf(rows).digest,
    digestAfter: stateOf(rows).digest,
  });
});

test("planted: the new store lacks a row, has one in another day's index, one more, or one altered", async () => {
  for (const [changes, fresh] of [
    [["gone"], withRow(rows, 2)],
    [["split", "gone"], withRow(rows, 2, { day: "2026.01.16" })],
    [["extra"], [...rows, { day: "2026.01.16", key: "new", version: 1, sum: 1 }]],
    [["changed"], withRow(rows, 2, { version: 11 })],
  ] as const) {
    const { record } = await fill(fresh);
    expect(record.digestAfter).not.toBe(record.digestBefore);
    expect(record.changed?.map(({ change }) => change)).toEqual(changes);
  }
});

test("writes that the new store did not count, and offsets that retention has cut off, are recorded", async () => {
  expect((await fill(rows, { writes: 3 })).record).toMatchObject({ writesSeen: 3, writesLeast: 4 });
  expect((await fill(rows, { start: 2n })).record.cut).toBe(2);
});
