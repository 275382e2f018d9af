/** KCQL at random: statements of the genuine grammar, some of them damaged. */
import fc from "fast-check";

const word = fc.constantFrom(
  ..."a b device id _ _key _header topic offset key Topic ts 1st @x 9 x1 batch t a-b t1 x.y {x} 2018 Batch".split(
    " ",
  ),
);
const name = fc.oneof(
  word,
  fc.constantFrom("`q u`", "`a.b`", "t.x-1", "`a`.b", "a b", "eu.data-v1"),
);
const path = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.constantFrom(
      names.join("."),
      `${names.join(".")}.*`,
      `_.${names[0]}`,
      `_key.${names[0]}`,
      "*",
    ),
  );
const column = fc.tuple(path, word).chain(([a, b]) => fc.constantFrom(a, a, `${a} AS ${b}`));

function list(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(of, { minLength: 1, maxLength: 4 }).map((items) => items.join(", "));
}

const number = fc.constantFrom("1", "60", "0", "2147483648", "007", "1.5", "x");
const suffix = fc.constantFrom(
  ..."{YYYY-MM-dd} -{yyyy.MM.dd} `-{yyyy.MM.dd}` '-{yyyy}' _x {} {yy {yyyy'x} `{DDD}` ` `".split(
    " ",
  ),
);
const simple = fc.constantFrom(
  ...(
    "AUTOCREATE;WITHSTRUCTURE;AUTOEVOLVE;CAPITALIZE;INITIALIZE;WITHTIMESTAMP sys_time();" +
    "TIMESTAMPUNIT=days;WITHFORMAT json;WITHUNWRAP;STOREAS SS(a=1,b=c);WITHTAG(a, b=c, d AS e);" +
    "WITHKEY(a, `b c`);KEYDELIMITER=|;WITHOFFSET (1,2),(3);SAMPLE 1 EVERY 2;WITH_ACK;" +
    "WITHCOMPRESSION=gzip;DISTRIBUTEBY a, b INTO 4 BUCKETS"
  ).split(";"),
);
const clause = fc.oneof(
  simple,
  list(path).map((paths) => `PK ${paths}`),
  list(path).map((paths) => `PARTITIONBY ${paths}`),
  fc
    .tuple(fc.constantFrom("BATCH=", "TTL=", "LIMIT ", "WITHDELAY=", "PROJECTTO "), number)
    .map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("WITHPIPELINE=", "WITHTARGET=", "WITHDOCTYPE=", "WITHTYPE "), name)
    .map((parts) => parts.join("")),
  suffix.map((text) => `WITHINDEXSUFFIX=${text}`),
);

const statement = fc
  .record({
    mode: fc.constantFrom(
      "INSERT INTO",
      "UPSERT INTO",
      "insert into",
      "UPDATE INTO",
      "UPSERT PK x INTO",
    ),
    target: name,
    columns: fc.oneof(fc.constant("*"), list(column)),
    topic: name,
    ignore: fc.oneof(
      fc.constant(""),
      list(path).map((paths) => ` IGNORE ${paths}`),
    ),
    clauses: fc.array(clause, { maxLength: 5 }),
  })
  .map(({ mode, target, columns, topic, ignore, clauses }) =>
    `${mode} ${target} SELECT ${columns} FROM ${topic}${ignore} ${clauses.join(" ")}`.trimEnd(),
  );

/** Nothing careless in it, as a person would write it: what strict mode must be tried with. */
const careful = fc
  .record({
    mode: fc.constantFrom("INSERT INTO", "UPSERT INTO", "upsert into"),
    target: fc.constantFrom("a", "t.x-1", "`q u`", "map-v1", "`a.2018`"),
    columns: fc.constantFrom("*", "a, b AS c", "device.*, _.offset AS o, x1", "_key.id, _header.a"),
    topic: fc.constantFrom("t", "eu.data-v1", "`select`", "{x}"),
    clauses: fc.subarray(
      [
        "IGNORE a, b.c",
        "AUTOCREATE",
        "WITHSTRUCTURE",
        "PK device.id, _key",
        "AUTOEVOLVE",
        "BATCH = 50",
        "PARTITIONBY a",
        "STOREAS SS(a=1,b=c)",
        "WITHTAG(a, b=c, d AS e)",
        "WITHINDEXSUFFIX=`-{yyyy.MM.dd}`",
        "TTL=60",
        "WITHPIPELINE=geo.v-2",
        "LIMIT 5",
      ],
      { maxLength: 6 },
    ),
  })
  .map(
    ({ mode, target, columns, topic, clauses }) =>
      `${mode} ${target} SELECT ${columns} FROM ${topic} ${clauses.join(" ")}`,
  );

const scrap = fc.oneof(
  fc.constantFrom(..." .,=()*'\"`;-_{}@|#$<%!~&\\\n\té".split(""), "\u00a0", "\ufeff", "😀"),
  fc.constantFrom(" FROM ", " PK ", "AS", " ttl ", " 7 "),
);

/**
 * One to three places where something is put in, or up to eight characters are taken out or
 * doubled.
 */
const damaged = fc
  .tuple(
    fc.oneof(statement, careful),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), scrap), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, wounds]) =>
    wounds.reduce((now, [place, kind, put]) => {
      const at = place % (now.length + 1);
      const [before, after] = [now.slice(0, at), now.slice(at)];
      if (kind === 0) return before + after.slice(1 + (place % 8));
      if (kind === 1) return before + after.slice(0, 8) + after;
      return before + put + after;
    }, text),
  );

export const kcqlText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: statement },
  { weight: 2, arbitrary: careful },
  { weight: 4, arbitrary: damaged },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(statement, careful), { maxLength: 3 }).map((all) => all.join(";")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);
