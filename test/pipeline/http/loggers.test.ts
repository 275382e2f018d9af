import { pino } from "pino";
import { expect, test } from "vitest";
import { systemClock } from "../../../pipeline/clock.ts";
import { createLoggers, type Loggers } from "../../../pipeline/http/loggers.ts";

function listening(): { loggers: Loggers; lines: () => string[] } {
  const lines: string[] = [];
  const root = pino({ level: "info" }, { write: (line: string) => lines.push(line) });
  const loggers = createLoggers(root, { ...systemClock, now: () => 42.4 });
  return { loggers, lines: () => lines.splice(0).map((line) => JSON.parse(line).msg) };
}

test("a level takes effect at once, on the logger and on those below its name", () => {
  const { loggers, lines } = listening();
  const kafka = loggers.named("fleetproof.kafka");
  const wire = loggers.named("fleetproof.kafka.wire");
  const kafkajs = loggers.named("fleetproof.kafkajs");
  const speak = (): void => {
    kafka.debug("kafka");
    wire.debug("wire");
    kafkajs.debug("kafkajs");
  };
  speak();
  expect(lines()).toEqual([]);
  const affected = ["fleetproof.kafka", "fleetproof.kafka.wire"];
  expect(loggers.setLevel("fleetproof.kafka", "DEBUG")).toEqual(affected);
  speak();
  expect(lines()).toEqual(["kafka", "wire"]);
  expect(loggers.level("fleetproof.kafka.wire")).toEqual({ level: "DEBUG", last_modified: 42 });
  expect(loggers.level("fleetproof.kafkajs")).toEqual({ level: "INFO", last_modified: null });
});

test("root is all of them, and OFF is silence", () => {
  const { loggers, lines } = listening();
  const task = loggers.named("task");
  expect(loggers.setLevel("root", "OFF")).toEqual(["root", "task"]);
  task.fatal("not heard");
  loggers.named("root").fatal("not heard");
  expect(lines()).toEqual([]);
});

test("a logger that is made later has the level of its nearest ancestor", () => {
  const { loggers } = listening();
  loggers.named("a");
  loggers.setLevel("a", "TRACE");
  expect(loggers.named("a.b.c").level).toBe("trace");
  expect(loggers.named("b").level).toBe("info");
  expect(Object.keys(loggers.levels())).toEqual(["a", "a.b.c", "b", "root"]);
});

test("a logger is made once, and none by a level for a name that nobody has", () => {
  const { loggers } = listening();
  expect(loggers.named("a")).toBe(loggers.named("a"));
  expect(loggers.setLevel("b", "DEBUG")).toEqual([]);
  expect(loggers.level("b")).toBeUndefined();
});
