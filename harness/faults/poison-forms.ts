/** What a poison record is made of: nobody can read any of them, neither as an aggregate nor as a reading. */
import type { poisonForms } from "../scenario/fault-kinds/input-faults.ts";

export type PoisonForm = (typeof poisonForms)[number];

/** What is left out is null in the log. */
type PoisonRecord = { readonly key?: string; readonly value?: string };

/** Cut short, as by a producer that died in the midst of it. */
const cut = '{ "device": { "id": "t-';
/** Below a broker's limit for a message by default, 1 MiB, also with the headers of a dead letter or a rejection. */
const hugeBytes = 900_000;

/** The key says whose they are; the audit of the raw topic knows them by it. */
const keyOf = (number: number): string => `poison-${number}`;

export function poisonOf(form: PoisonForm, number: number): PoisonRecord {
  const key = keyOf(number);
  switch (form) {
    case "not-json":
      return { key, value: cut };
    case "huge":
      return { key, value: cut.padEnd(hugeBytes, "x") };
    case "null-key":
      return { value: cut };
    case "tombstone":
      return { key };
    case "wrong-schema":
      return { key, value: '{ "device": { "id": 7 }, "window": "soon", "boot": "last week" }' };
  }
}

/** As an effect says it: "a record that …". */
export function describeForm(form: PoisonForm): string {
  switch (form) {
    case "not-json":
      return "a record that is no JSON";
    case "huge":
      return `a record of ${hugeBytes} bytes that is no JSON`;
    case "null-key":
      return "a record without a key that is no JSON";
    case "tombstone":
      return "a record without a value";
    case "wrong-schema":
      return "a record of another schema";
  }
}
