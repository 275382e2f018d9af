/**
 * Strict KCQL means what the genuine parser (2.8.7) makes of it; what that one swallows is refused,
 * or in compat mode warned of.
 */
import { expect, test } from "vitest";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { KcqlFault, Statement } from "../../../pipeline/kcql/statement.ts";
import { describeFault } from "../../../pipeline/kcql/text-position.ts";

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

const value = (...path: string[]) => ({ from: "value", path });

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
      { from: "value", path: ["device", "id"], alias: "device" },
      { from: "value", path: ["window", "*"], alias: "*" },
      { from: "value", path: ["count"], alias: "count" },
    ],
    ignored: [],
    autoCreate: true,
    primaryKey: [value("device", "id"), value("window", "start")],
    withStructure: false,
    batchSize: undefined,
    indexSuffix: "-{yyyy.MM.dd}",
    ttlSeconds: 604800,
    pipeline: undefined,
    others: [],
  });
});

test("keywords are all lower or all UPPER case", () => {
  expect(one("insert into a select * from t pk id").primaryKey).toEqual([value("id")]);
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
    primaryKey: [value("deviceId"), value("ts")],
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

test("several statements, with or without a last ';', but without blanks after it", () => {
  const text = "INSERT INTO a SELECT * FROM t1 PK id;UPSERT INTO b SELECT x FROM t2 PK x;";
  const parsed = parseKcql(text);
  expect(parsed.ok && parsed.statements.map(({ target }) => target)).toEqual(["a", "b"]);
  expect(fault(`${text}\n`)).toMatchObject({
    line: 2,
    suggestion: expect.stringMatching(/nothing follows/),
  });
});

/** Text, the column (from 1) of what is wrong, and a piece of the message or the suggestion. */
const refused: readonly (readonly [string, number, RegExp])[] = [
  ["", 1, /begins with INSERT/],
  [";", 1, /no statement/],
  ["-- comment\nINSERT INTO a SELECT * FROM t", 1, /no comments/],
  ["SELECT * FROM t", 1, /INSERT INTO/],
  ["UPDATE INTO a SELECT * FROM t", 1, /no sink runs UPDATE/],
  ["UPSERT PK id INTO a SELECT * FROM t", 8, /forget UPSERT/],
  ["Select * FROM t", 1, /Write SELECT or select/],
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
  ["INSERT INTO a SELECT 'temp' FROM t", 22, /drop the character '''/],
  ["INSERT INTO a SELECT a.* AS b FROM t", 26, /Remove AS/],
  ["INSERT INTO a SELECT _header FROM t", 22, /_header.name/],
  ["INSERT INTO a SELECT batch FROM t", 22, /keyword/],
  ["INSERT INTO a SELECT _.key FROM t", 22, /names nothing/],
  ["INSERT INTO a SELECT _.key.topic FROM t", 22, /_key.topic/],
  ["INSERT INTO a SELECT _.a.topic FROM t", 22, /Write _.topic/],
  ["INSERT INTO a SELECT now() FROM t", 25, /FROM/],
  ["INSERT INTO map SELECT * FROM t", 13, /`map`/],
  ["INSERT INTO iot readings SELECT * FROM t", 17, /read 'iotreadings'/],
  ["INSERT INTO `iot`.`readings` SELECT * FROM t", 13, /`iot.readings`/],
  ["INSERT INTO `` SELECT * FROM t", 13, /target/],
  ["INSERT INTO `a;b` SELECT * FROM t", 13, /separates statements/],
  ["INSERT INTO a SELECT * FROM 2018", 29, /backticks/],
  ["INSERT INTO a SELECT * FROM readings.2018 PK id", 38, /`readings.2018`/],
  ["INSERT INTO a SELECT * FROM device.update", 36, /`device.update`/],
  ["INSERT INTO a SELECT * FROM 't'", 29, /backticks/],
  ["INSERT INTO a SELECT * FROM t, other", 30, /nothing reads ', other'/],
  [
    "INSERT INTO a SELECT * FROM t WHERE x > 20",
    31,
    /'WHERE' is glued to the topic: other parsers read 'tWHEREx'/,
  ],
  ["INSERT INTO a SELECT * FROM t -- all", 31, /no comments/],
  ["INSERT INTO a SELECT * FROM t AutoCreate", 31, /Write AUTOCREATE/],
  ["INSERT INTO a SELECT * FROM t PK id IGNORE battery", 37, /IGNORE stands too late/],
  ["INSERT INTO a SELECT x FROM t IGNORE *", 38, /leaves nothing out/],
  ["INSERT INTO a SELECT * FROM t IGNORE a AS b", 40, /Remove AS/],
  ["INSERT INTO a SELECT * FROM t IGNORE _.offset", 31, /metadata/],
  ["INSERT INTO a SELECT * FROM t PK id WITHSTRUCTURE", 37, /WITHSTRUCTURE, PK/],
  ["INSERT INTO a SELECT * FROM t TTL=5 BATCH=10", 37, /too late/],
  ["INSERT INTO a SELECT * FROM t BATCH=1.5", 38, /whole number of records/],
  ["INSERT INTO a SELECT * FROM t AUTOCREATE WHATEVER PK id", 42, /nothing reads 'WHATEVER PK id'/],
  ["INSERT INTO a SELECT * FROM t WITHTARGET=a.b SINGLE", 46, /glued/],
  ["INSERT INTO a SELECT * FROM t WITHTARGET=a.b-c", 44, /cut after/],
  ["INSERT INTO a SELECT * FROM t KEYDELIMITER='|'", 44, /drop/],
  ["INSERT INTO a SELECT * FROM t WITHTAG(a as b)", 39, /Write AS/],
  ["INSERT INTO a SELECT * FROM.data PK id", 28, /Put a blank before the topic/],
  ["INSERT INTO a SELECT * FROM t.PK id", 31, /cuts the topic/],
  [
    "INSERT INTO a SELECT * FROM t PK id AUTOCREATE",
    37,
    /order is IGNORE, AUTOCREATE, WITHSTRUCTURE, PK/,
  ],
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
  ["INSERT INTO a SELECT * FROM t TTL=630720001", 31, /1 to/],
  ["INSERT INTO a SELECT * FROM t TTL=1.5", 36, /whole number of seconds/],
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

test("clauses of every kind", () => {
  const text =
    "UPSERT INTO a SELECT x FROM t IGNORE b.c, d.* WITHSTRUCTURE PK id AUTOEVOLVE BATCH=50 WITHFORMAT json " +
    "STOREAS SS(p=1) WITHPIPELINE=p.v-2 LIMIT 9";
  expect(one(text)).toMatchObject({
    mode: "UPSERT",
    ignored: [value("b", "c"), value("d", "*")],
    withStructure: true,
    batchSize: 50,
    pipeline: "p.v-2",
    others: ["AUTOEVOLVE", "WITHFORMAT", "STOREAS", "LIMIT"],
  });
});

test("metadata, and in strict mode the key and the headers", () => {
  const text =
    "INSERT INTO a SELECT _.TOPIC, _.offset AS o, _.key.id, _key.id AS k, _key, _header.trace FROM t PK _key";
  expect(one(text).columns).toEqual([
    { from: "meta", path: ["topic"], alias: "topic" },
    { from: "meta", path: ["offset"], alias: "o" },
    { from: "key", path: ["id"], alias: "id" },
    { from: "key", path: ["id"], alias: "k" },
    { from: "key", path: [], alias: "_key" },
    { from: "header", path: ["trace"], alias: "trace" },
  ]);
  expect(one(text).primaryKey).toEqual([{ from: "key", path: [] }]);
  const compat = parseKcql(text, "compat");
  expect(compat.ok && compat.statements[0]!.columns[5]).toEqual({
    ...value("_header", "trace"),
    alias: "trace",
  });
});

test("compat mode understands as the genuine parser does, and warns of what that one swallows", () => {
  const text = "INSERT INTO a SELECT 'x' FROM t WHERE y WITHINDEXSUFFIX={YYYY} AUTOCREATE";
  const parsed = parseKcql(text, "compat");
  if (!parsed.ok) throw new Error(parsed.fault.message);
  expect(parsed.statements[0]).toMatchObject({
    topic: "tWHEREy",
    columns: [{ path: ["x"] }],
    indexSuffix: "{YYYY}",
    autoCreate: false,
  });
  expect(parsed.warnings).toEqual([
    expect.stringMatching(/column 22: .*drop the character/),
    expect.stringMatching(/column 24: .*drop the character/),
    expect.stringMatching(/column 33: 'WHERE' is glued/),
    expect.stringMatching(/column 57: 'YYYY' is the year of the week/),
    expect.stringMatching(/column 64: AUTOCREATE stands too late/),
  ]);
});

test("warnings are few, however careless the text", () => {
  const parsed = parseKcql(`INSERT INTO a SELECT * FROM t${" '".repeat(5_000)}`, "compat");
  expect(parsed.ok && parsed.warnings.length).toBe(20);
});

test.each([
  ["UPDATE INTO a SELECT * FROM t", /no sink runs UPDATE/],
  ["UPSERT PK id INTO a SELECT * FROM t", /mode other parsers forget/],
  ["SELECT * FROM t", /writes nowhere/],
  ["INSERT INTO a SELECT * FROM t PK a.*", /no primary key/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX -{YYYY.MM.DD}", /missing '='/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX=-{yyyy.MM.dd}", /braces do not match/],
  ["INSERT INTO a SELECT * FROM t WITHINDEXSUFFIX={yyyy-CC}", /'CC' is no date field/],
])("compat refuses what no sink can run: %s", (text, why) => {
  const parsed = parseKcql(text, "compat");
  expect(parsed.ok ? "accepted" : parsed.fault.message).toMatch(why);
});

test("no more columns than any record has, and no longer texts than a person writes", () => {
  const names = Array.from({ length: 1_001 }, (_, n) => `c${n}`).join(", ");
  expect(fault(`INSERT INTO a SELECT ${names} FROM t`).message).toMatch(/more than 1000 columns/);
  expect(fault("x".repeat(70_000)).message).toMatch(/characters/);
});
