/**
 * Single fields out of JSON bytes, beside the slow and obvious way: the whole object by JSON.parse,
 * and the fields by `readPath`.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFields } from "../../../../pipeline/connect/task/json-fields.ts";
import { encodeAggregate } from "../../../../pipeline/contract/aggregate.ts";
import { isJsonObject, readPath } from "../../../../pipeline/kcql/path.ts";
import type { Path } from "../../../../pipeline/kcql/statement.ts";
import { slabs } from "../../../bench/fleet-aggregates.ts";
import { aggregate } from "../../sinks/sample-writes.ts";

const paths: readonly Path[] = [["device", "id"], ["window", "start"], ["version"]];

/** What is found, or undefined for bytes that are left to JSON.parse. Other bytes lie around. */
function scan(bytes: Uint8Array, wanted: readonly Path[] = paths): readonly unknown[] | undefined {
  const around = Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('0"}')]);
  const found: unknown[] = [];
  return compileFields(wanted)!(around, 2, 2 + bytes.length, found) ? found : undefined;
}

/** The model: undefined where the bytes hold no object, or a path leads through something else. */
function parse(bytes: Uint8Array, wanted: readonly Path[] = paths): readonly unknown[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const found: unknown[] = [];
  for (const path of wanted) {
    const one = readPath(value, path);
    if (!one.ok) return undefined;
    found.push(one.value ?? undefined);
  }
  return found;
}

/** Where the scan answers, it answers as the model does. Whether it did. */
function agree(bytes: Uint8Array, wanted = paths): boolean {
  const found = scan(bytes, wanted);
  if (found !== undefined)
    expect(found, Buffer.from(bytes).toString()).toEqual(parse(bytes, wanted));
  return found !== undefined;
}

const utf8 = (text: string): Buffer => Buffer.from(text);

test("every aggregate is taken the fast way, and its key, time and version found", () => {
  let seen = 0;
  for (const slab of slabs({ devices: 300, windows: 4, partitions: 1 }, 100)) {
    for (const one of slab) {
      const found = [one.device.id, one.window.start, one.version];
      expect(scan(encodeAggregate(one))).toEqual(found);
      seen++;
    }
  }
  expect(seen).toBe(1200);
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(double, double, fc.integer(), (min, mean, nth) => {
      const one = aggregate("t-0000042", nth % 1_000, 1 + (Math.abs(nth) % 30));
      const odd = { ...one, temperature: { ...one.temperature, min: min + 0, mean: mean + 0 } };
      expect(agree(encodeAggregate(odd))).toBe(true);
    }),
  );
});

/** JSON of all kinds, in which the wanted names are frequent. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("device", "id", "window", "start", "version", "", "i") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false, 0, 2 ** 53, 2 ** 53 - 1, 1768435500000030, 1e300, -1.5e-9),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({
      unit: fc.constantFrom("a", " ", '"', "\\", "{", "}", ":", ",", "\n", "ü", "\u0000"),
    }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 5 }),
  ),
}));
const indents = fc.constantFrom(undefined, undefined, 1, "\t");

test("of any JSON the scan finds what JSON.parse finds, or leaves it to that", () => {
  let answered = 0;
  fc.assert(
    fc.property(anyValue, indents, (value, indent) => {
      if (agree(utf8(JSON.stringify(value, null, indent)))) answered++;
      const spaced = JSON.stringify(value).replaceAll(/(?<!\\)([,:])/g, " $1  ");
      if (agree(utf8(` ${spaced} `))) answered++;
    }),
    { numRuns: 3_000 },
  );
  expect(answered).toBeGreaterThan(100); // or the property said little
});

/** Changes that bite: bytes of JSON's own, and any other. */
const byte = fc.oneof(
  fc.constantFrom(...utf8('{}[]":,\\ \t\n\r0123456789-+.eEtrufalsn\u0000').values()),
  fc.nat(255),
);
const change = fc.record({
  kind: fc.constantFrom("set" as const, "insert" as const, "remove" as const, "cut" as const),
  at: fc.nat(400),
  length: fc.integer({ min: 1, max: 4 }),
  byte,
});

test("of bytes that were damaged the scan accepts no more than JSON.parse does", () => {
  const whole = utf8(Buffer.from(encodeAggregate(aggregate("t-1", 3, 30))).toString());
  const rich = utf8('{"a":[1,-2.5e+3,[],{}],"version":-0,"device":{"id":true,"x":null},"f":false}');
  let answered = 0;
  fc.assert(
    fc.property(fc.constantFrom(whole, rich), fc.array(change, { maxLength: 3 }), (of, changes) => {
      let bytes: Buffer = of;
      for (const { kind, at: anywhere, length, byte } of changes) {
        const at = anywhere % (bytes.length + 1);
        const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
        if (kind === "cut") bytes = before;
        if (kind === "remove") bytes = Buffer.concat([before, behind.subarray(length)]);
        if (kind === "insert") bytes = Buffer.concat([before, Buffer.of(byte), behind]);
        if (kind === "set") bytes = Buffer.concat([before, Buffer.of(byte), behind.subarray(1)]);
      }
      if (agree(bytes)) answered++;
    }),
    { numRuns: 10_000 },
  );
  expect(answered).toBeGreaterThan(500);
});

test.each([
  ["a name that comes twice", '{"version":1,"version":2}'],
  ["an object that comes twice", '{"device":{"id":1},"device":{}}'],
  ["a value where an object is wanted", '{"device":1}'],
  ["an object where a value is wanted", '{"version":{}}'],
  ["an array where a value is wanted", '{"version":[1]}'],
  ["an escape", '{"\\u0069":1}'],
  ["letters beyond ASCII", '{"a":"ü"}'],
  ["line breaks", '{\n"version":1}'],
  ["too many levels", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`],
])("%s is left to JSON.parse", (_, text) => {
  expect(() => JSON.parse(text)).not.toThrow();
  expect(scan(utf8(text))).toBeUndefined();
});

test.each([
  ...["", " ", "[]", "1", "null", "{", "{}}", "{}1", '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}'],
  ...['{"a":01}', '{"a":-}', '{"a":1.}', '{"a":.5}', '{"a":1e}', '{"a":+1}', '{"a":tru}'],
  ...['{"a":nulll}', '{"a":[1,]}', '{"a":[1 2]}', '{"a":"\t"}', "{a:1}", "{'a':1}", '{"a":NaN}'],
])("%j is no JSON object", (text) => {
  expect(parse(utf8(text))).toBeUndefined();
  expect(scan(utf8(text))).toBeUndefined();
});

test("numbers are those of JSON.parse, to the last bit", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(fc.constantFrom("", "-"), digits, fc.option(digits), (sign, whole, fraction) => {
      const text = `${sign}${whole}${fraction === null ? "" : `.${fraction}`}`;
      agree(utf8(`{"version":${text}}`));
    }),
    { numRuns: 2_000 },
  );
  const large = fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 64n });
  fc.assert(
    fc.property(large, (version) => {
      expect(agree(utf8(`{"version":${version}}`))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(scan(utf8('{"version":-0}'))?.[2]).toBe(-0);
  expect(scan(utf8('{"version":9007199254740993}'))?.[2]).toBe(2 ** 53);
  expect(scan(utf8('{"version":1e400}'))?.[2]).toBe(Infinity);
});

test("nothing and null are undefined, and any name is only a name", () => {
  expect(scan(utf8('{"window":{"start":null},"device":{}}'))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const odd: readonly Path[] = [["__proto__"], ["constructor", "name"], [""]];
  expect(scan(utf8("{}"), odd)).toEqual([undefined, undefined, undefined]);
  expect(scan(utf8('{"__proto__":1,"constructor":{"name":2},"":3}'), odd)).toEqual([1, 2, 3]);
});

test("paths that are no single fields are not scanned for", () => {
  expect(compileFields([])).toBeDefined();
  for (const odd of [[[]], [["a"], ["a", "b"]], [["a"], ["a"]]]) {
    expect(compileFields(odd)).toBeUndefined();
  }
  const many = Array.from({ length: 31 }, (_, at) => [`n${at}`]);
  expect(compileFields(many)).toBeUndefined();
});
