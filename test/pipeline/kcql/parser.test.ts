/** What strict KCQL accepts means what the genuine parser (2.8.7) makes of it; what that one swallows is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeFault, parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { KcqlFault, Statement } from "../../../pipeline/kcql/statement.ts";

/** Statement by its short form: target, topic, columns, keys, then what else is said. */
function one(text: string): Statement {
  const parsed = parseKcql(text);
  if (!parsed.ok) throw new Error(describeFault(parsed.fault));
  expect(parsed.statements).toHaveLength(1);
  return parsed.statements[0]!;
}

function fault(text: string): KcqlFault {
  const parsed = parseKcql(text);
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.statements)}`);
  return parsed.fault;
}

const columns = (text: string): string[] =>
  one(`INSERT INTO a SELECT ${text} FROM t`).columns.map(
    ({ path, alias }) => `${path.join(".")}>${alias}`,
  );

test("a whole statement", () => {
  const text =
    "INSERT INTO r1-temps SELECT device.id AS device, window.*, count FROM r1.temperatures.aggregated " +
    "AUTOCREATE PK device.id, window.start WITHINDEXSUFFIX=`-{yyyy.MM.dd}` TTL=604800";
  expect(one(text)).toEqual({
    mode: "INSERT",
    target: "r1-temps",
    topic: "r1.temperatures.aggregated",
    columns: [
      { path: ["device", "id"], alias: "device" },
      { path: ["window", "*"], alias: "*" },
      { path: ["count"], alias: "count" },
    ],
    autoCreate: true,
    primaryKey: [
      ["device", "id"],
      ["window", "start"],
    ],
    indexSuffix: "-{yyyy.MM.dd}",
    ttlSeconds: 604800,
  });
});

test("keywords are all lower or all UPPER case", () => {
  expect(one("insert into a select * from t pk id").primaryKey).toEqual([["id"]]);
  expect(one("INSERT into a SELECT * from t").mode).toBe("INSERT");
  expect(fault("Insert Into a Select * From t")).toMatchObject({
    suggestion: "Write INSERT or insert.",
  });
});

test("line breaks and blanks separate words", () => {
  expect(
    one("\n  UPSERT\tINTO a\r\n  SELECT *\r\n  FROM t.data\n  PK deviceId ,\n     ts\n"),
  ).toMatchObject({
    mode: "UPSERT",
    target: "a",
    topic: "t.data",
    primaryKey: [["deviceId"], ["ts"]],
  });
});

test.each([
  [
    "INSERT INTO iot.readings SELECT * FROM eu.thermostat-data_v1",
    "iot.readings",
    "eu.thermostat-data_v1",
  ],
  ["INSERT INTO `iot readings` SELECT * FROM `readings.2018`", "iot readings", "readings.2018"],
  ["INSERT INTO `map` SELECT * FROM `select`", "map", "select"],
  ["INSERT INTO map-v1 SELECT * FROM 2018-readings", "map-v1", "2018-readings"],
])("names: %s", (text, target, topic) => {
  expect(one(text)).toMatchObject({ target, topic });
});

test("columns: paths, aliases, stars", () => {
  expect(columns("*")).toEqual(["*>*"]);
  expect(columns("deviceId AS id, temp AS celsius, *")).toEqual([
    "deviceId>id",
    "temp>celsius",
    "*>*",
  ]);
  expect(columns("sensor.location.room, device.*")).toEqual([
    "sensor.location.room>room",
    "device.*>*",
  ]);
  expect(columns("timestamp, key, value, offset, type, Batch")).toHaveLength(6);
});

test("several statements, with or without a last ';'", () => {
  const text = "INSERT INTO a SELECT * FROM t1 PK id;UPSERT INTO b SELECT x FROM t2 PK x;";
  const parsed = parseKcql(text);
  expect(parsed.ok && parsed.statements.map(({ target }) => target)).toEqual(["a", "b"]);
  expect(parseKcql(`${text}\n`).ok).toBe(true);
});

/** Text, the column (from 1) of what is wrong, and a piece of the message or the suggestion. */
const refused: readonly (readonly [string, number, RegExp])[] = [
  ["", 1, /begins with INSERT/],
  [";", 1, /begins with INSERT/],
  ["-- comment\nINSERT INTO a SELECT * FROM t", 1, /no comments/],
  ["SELECT * FROM t", 1, /begins with INSERT/],
  ["INSERTINTO a SELECT * FROM t", 1, /begins with INSERT/],
  ["INSERT INTO a SELECT*FROM t", 15, /SELECT/],
  ["INSERT INTO a SELECT FROM t", 22, /field name/],
  ["INSERT INTO a SELECT x, FROM t", 25, /field name/],
  ["INSERT INTO a SELECT temp humidity FROM t", 27, /commas/],
  ["INSERT INTO a SELECT temp As x FROM t", 27, /Write AS/],
  ["INSERT INTO a SELECT temp, temp AS b FROM t", 28, /twice/],
  ["INSERT INTO a SELECT * AS all FROM t", 24, /Remove AS/],
  ["INSERT INTO a SELECT device-id FROM t", 22, /letters, digits/],
  ["INSERT INTO a SELECT `device-id` FROM t", 22, /Backticks/],
  ["INSERT INTO a SELECT 'temp' FROM t", 22, /drop this character/],
  ["INSERT INTO a SELECT batch FROM t", 22, /keyword/],
  ["INSERT INTO a SELECT _.topic FROM t", 22, /metadata/],
  ["INSERT INTO a SELECT now() FROM t", 25, /FROM/],
  ["INSERT INTO map SELECT * FROM t", 13, /`map`/],
  ["INSERT INTO iot readings SELECT * FROM t", 17, /SELECT/],
  ["INSERT INTO `iot`.`readings` SELECT * FROM t", 13, /`iot.readings`/],
  ["INSERT INTO `` SELECT * FROM t", 13, /target/],
  ["INSERT INTO `a;b` SELECT * FROM t", 13, /separates statements/],
  ["INSERT INTO a SELECT * FROM 2018", 29, /backticks/],
  ["INSERT INTO a SELECT * FROM readings.2018 PK id", 38, /`readings.2018`/],
  ["INSERT INTO a SELECT * FROM device.update", 36, /`device.update`/],
  ["INSERT INTO a SELECT * FROM 't'", 29, /backticks/],
  ["INSERT INTO a SELECT * FROM t, other", 30, /nothing reads ', other'/],
  ["INSERT INTO a SELECT * FROM t WHERE x > 20", 31, /nothing reads 'WHERE x > 20'/],
  ["INSERT INTO a SELECT * FROM t -- all", 31, /nothing reads '-- all'/],
  ["INSERT INTO a SELECT * FROM t AutoCreate", 31, /Write AUTOCREATE/],
  ["INSERT INTO a SELECT * FROM t IGNORE battery", 31, /IGNORE is not supported/],
  ["INSERT INTO a SELECT * FROM t WITHSTRUCTURE", 31, /WITHSTRUCTURE is not supported/],
  ["INSERT INTO a SELECT * FROM t PK id AUTOCREATE", 37, /order is AUTOCREATE, PK/],
  ["INSERT INTO a SELECT * FROM t AUTOCREATE AUTOCREATE", 42, /too late or twice/],
  ["INSERT INTO a SELECT * FROM t PK", 33, /field name/],
  ["INSERT INTO a SELECT * FROM t PK id, id", 38, /twice/],
  ["INSERT INTO a SELECT * FROM t PK device.*", 34, /no primary key/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=", 47, /suffix/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX -{YYYY.MM.DD}", 47, /=`-\{yyyy.MM.dd\}`/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX={YYYY-MM-dd}", 47, /=`\{yyyy-MM-dd\}`/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX={yyyy-MM-DD}", 47, /day of the year/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=-{yyyy.MM.dd}", 53, /`-\{yyyy.MM.dd\}`/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX='-{yyyy.MM.dd}'", 47, /`-\{yyyy.MM.dd\}`/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=-{yyyy", 47, /braces/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=`-{kk}`", 47, /no date field/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=`-;-`", 47, /separates statements/],
  ["INSERT INTO a SELECT * FROM t TTL=-1", 35, /seconds/],
  ["INSERT INTO a SELECT * FROM t TTL=0", 35, /1 to/],
  ["INSERT INTO a SELECT * FROM t TTL=1.5", 36, /whole seconds/],
  ["INSERT INTO a SELECT * FROM t TTL 60", 35, /missing '='/],
  ["INSERT INTO a SELECT * FROM t1;;INSERT INTO b SELECT * FROM t1", 32, /begins with INSERT/],
];

test.each(refused)("refused: %s", (text, column, why) => {
  const found = fault(text);
  expect(found.column).toBe(column);
  expect(describeFault(found)).toMatch(why);
});

test("a fault in a later line is placed there", () => {
  expect(fault("INSERT INTO a\nSELECT *\n FROM t WHERE x")).toMatchObject({ line: 3, column: 9 });
});

test("no text makes the parser throw or hang", () => {
  const word = fc.constantFrom(
    ..."INSERT INTO a SELECT * FROM t.x PK AUTOCREATE WITHINDEXSUFFIX TTL = , . ; ` ' { } -{yyyy} 7".split(
      " ",
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")),
    fc.array(word, { maxLength: 30 }).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(text, (any) => typeof parseKcql(any).ok === "boolean"),
    { numRuns: 2_000 },
  );
  expect(fault("x".repeat(70_000)).message).toMatch(/characters/);
}, 30_000);
