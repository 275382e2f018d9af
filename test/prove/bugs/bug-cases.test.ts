import { expect, test } from "vitest";
import type { Clock } from "../../../pipeline/clock.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import type { CassandraApi } from "../../../pipeline/sinks/cassandra/api.ts";
import type { ElasticsearchApi } from "../../../pipeline/sinks/elasticsearch/api.ts";
import type { Sink } from "../../../pipeline/sinks/sink.ts";
import type { Bug } from "../../planted/bug.ts";
import { bugs } from "../../planted/planted-bugs.ts";
import { bugCases } from "./bug-cases.ts";
import { soundCases } from "./sound-triggers.ts";

/** Nothing is asked of a port that is only wrapped. */
const port = <T>(): T => ({}) as T;

function wraps(bug: Bug): boolean {
  const [kafka, sink, clock] = [port<Kafka>(), port<Sink>(), port<Clock>()];
  const [elasticsearch, cassandra] = [port<ElasticsearchApi>(), port<CassandraApi>()];
  return (
    (bug.kafka !== undefined && bug.kafka(kafka) !== kafka) ||
    ["elasticsearch", "cassandra"].some(
      (store) => bug.sink !== undefined && bug.sink(sink, store) !== sink,
    ) ||
    (bug.elasticsearch !== undefined && bug.elasticsearch(elasticsearch) !== elasticsearch) ||
    (bug.cassandra !== undefined && bug.cassandra(cassandra) !== cassandra) ||
    (bug.jobClock !== undefined && bug.jobClock(clock) !== clock) ||
    bug.harness !== undefined
  );
}

test("every case plants a bug that there is, and every bug has its case", () => {
  expect(bugCases.map(({ bug }) => bug).toSorted()).toEqual(Object.keys(bugs).toSorted());
});

test.for(Object.entries(bugs))("%s wraps a port", ([, bug]) => {
  expect(wraps(bug)).toBe(true);
});

test("the track record has all 30 bugs of the list and the four of the harness, each once", () => {
  const listed = (letter: string, many: number): string[] =>
    Array.from({ length: many }, (_, i) => `${letter}${String(i + 1).padStart(2, "0")}`);
  const ids = bugCases.map(({ id }) => id);
  expect(ids.filter((id) => !id.startsWith("X"))).toEqual([...listed("B", 30), ...listed("H", 4)]);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the sound pipeline is tried under every distinct load, and once in the simulation", () => {
  const sound = soundCases(bugCases);
  const loadOf = (each: (typeof bugCases)[number]): string =>
    each.proof.kind === "live" ? JSON.stringify(each.proof.args) : "simulation";
  expect(sound.map(loadOf)).toEqual([...new Set(bugCases.map(loadOf))]);
});
