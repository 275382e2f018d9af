/**
 * The track record's lines for the persisting jobs and their stores. Loads are
 * small: some windows of some thousand devices are more than any of these bugs needs.
 */
import type { BugCase } from "./bug-case.ts";
import { fail, faults, inElasticsearch, lasting, live, set } from "./case-parts.ts";

/** No window has a second revision: nothing is written twice but by the fault. */
const noRevisions = set("readings.revising=0%", "readings.late=0%");
/** So slowly that a row which goes back stays there for some looks of the probe. */
const inSmallBatches = set(
  "jobs=[{ file: jobs/elasticsearch.json, config: { connect.elastic.batch.size: 8 } }]",
);
const inCassandra = set("jobs=[jobs/cassandra.json]");
/** What is refused for good becomes a dead letter; what may pass later is retried until it does. */
const withDeadLetters = set(
  "jobs=[{ file: jobs/elasticsearch.json, config: { errors.tolerance: all, " +
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the config writes it.
    "errors.deadletterqueue.topic.name: '${run}.elasticsearch.dead-letter', " +
    "errors.deadletterqueue.topic.replication.factor: 1 } }]",
);
const overloaded = faults("at: 6s, overload: job-elasticsearch/elasticsearch, for: 6s, share: 30%");
const readOnly = faults("at: 9s, read-only: elasticsearch, for: 8s");
const byTwoWorkers = set("jobs=[{ file: jobs/cassandra.json, workers: 2 }]");

export const jobCases: readonly BugCase[] = [
  {
    id: "B01",
    bug: "commit-before-flush",
    what: "offsets are committed while the batch is still in a buffer",
    ancestor: "Altinity/clickhouse-sink-connector #1299, apache/iggy #3847, kafka-connect-hdfs #57",
    trigger: "the job is killed when it has committed",
    expected: fail("lost-write"),
    proof: live(
      lasting(13),
      inElasticsearch,
      faults("at: 7s, kill: job-elasticsearch, point: after-commit"),
    ),
  },
  {
    id: "B02",
    bug: "generated-ids",
    what: "every write of a document gets an id of its own",
    ancestor:
      "elastic/elasticsearch #9125, fluent/fluent-bit #423, logstash-output-elasticsearch #690",
    trigger: "the job is killed between write and commit, and writes again",
    expected: fail("duplicate"),
    proof: live(
      lasting(13),
      inElasticsearch,
      noRevisions,
      faults("at: 3s, kill: job-elasticsearch, point: after-write"),
    ),
  },
  {
    id: "B03",
    bug: "bulk-errors-ignored",
    what: "a bulk answered 200 counts as stored, whatever its items say",
    ancestor: "elastic/logstash #1631, vectordotdev/vector #140, syslog-ng/syslog-ng #3672",
    trigger: "some items of bulks are answered 429",
    expected: fail("lost-write"),
    proof: live(lasting(13), inElasticsearch, overloaded),
  },
  {
    id: "B04",
    bug: "whole-bulk-again",
    what: "for one refused item the whole bulk is sent again, with new ids",
    ancestor: "fluent/fluent-bit #6342 and #4630, uken/fluent-plugin-elasticsearch #405",
    trigger: "some items of bulks are answered 429",
    expected: fail("duplicate"),
    proof: live(lasting(13), inElasticsearch, overloaded),
  },
  {
    id: "B05",
    bug: "conflict-retried",
    what: "a version conflict, which can never pass, is retried for ever",
    ancestor:
      "apache/flink-connector-elasticsearch #107, confluentinc/kafka-connect-elasticsearch #599",
    trigger: "everything is read again under load",
    expected: fail("stall"),
    proof: live(lasting(9), inElasticsearch, noRevisions, set("replay=[{ rewind: 9s }]")),
  },
  {
    id: "B06",
    bug: "offset-as-version",
    what: "a document's version is the offset of its record",
    ancestor: "confluentinc/kafka-connect-elasticsearch #142, #499",
    trigger: "the same windows are published again at new offsets",
    expected: fail("time-travel"),
    instead:
      "The list says stale-final: a key keeps to its partition here, so the last revision wins.",
    proof: live(
      lasting(13),
      inSmallBatches,
      set("readings.revising=10%", "replay=[{ re-aggregate: at-rest, into: aggregated }]"),
    ),
  },
  {
    id: "B07",
    bug: "offset-as-id",
    what: "a document's id is topic, partition and offset of its record",
    ancestor: "confluentinc/kafka-connect-elasticsearch with key.ignore=true (#51, #142, #599)",
    trigger: "a late reading revises its window",
    expected: fail("duplicate"),
    proof: live(lasting(7), inElasticsearch),
  },
  {
    id: "B20",
    bug: "processing-day-index",
    what: "the day in an index's name is that of the write, not of the window",
    ancestor:
      "elastic/elasticsearch-metrics-reporter-java #52, uken/fluent-plugin-elasticsearch #17",
    trigger: "everything is read again after midnight",
    expected: fail("split-key"),
    // The fleet's midnight is 21.6 s after the load began.
    proof: live(
      lasting(23),
      inElasticsearch,
      set("time.start=2026-01-15T23:42:00Z", "replay=[{ rewind: 23s }]"),
    ),
  },
  {
    id: "B21",
    bug: "clock-as-timestamp",
    what: "rows are written with the timestamp of the writer's clock",
    ancestor: "scylladb/scylladb #7082 and #10966, AppScale/gts #2330, hashicorp/vault #4054",
    trigger: "one of two workers is an hour ahead, then hands over to the other",
    expected: fail("stale-final"),
    proof: live(
      // A worker on a busy machine may take ten seconds to come back.
      lasting(30),
      byTwoWorkers,
      set("readings.revising=5%"),
      faults("at: 3s, skew: job-cassandra-0, by: 1h", "at: 22s, stop: job-cassandra-0"),
    ),
  },
  {
    id: "B22",
    bug: "counter-retried",
    what: "an increment that timed out is sent again",
    ancestor: "elasticinbox/elasticinbox-java #20, apache/cassandra-python-driver #369",
    trigger: "Cassandra stands still for longer than the time-out of a write",
    expected: fail("wrong-aggregate"),
    proof: live(lasting(24), inCassandra, faults("at: 6s, pause: cassandra, for: 18s")),
  },
  {
    id: "B23",
    bug: "errors-swallowed",
    what: "every error is swallowed, and no dead letter tells of it",
    ancestor: "adobe/experience-platform-streaming-connect #19, lensesio/stream-reactor #131",
    trigger: "the indices are read-only for a while",
    expected: fail("silent-drop"),
    proof: live(lasting(18), withDeadLetters, readOnly),
  },
  {
    id: "B24",
    bug: "dead-letter-and-stored",
    what: "a write becomes a dead letter at its first refusal, and is stored all the same",
    ancestor: "Aiven-Open/opensearch-connector-for-apache-kafka #142 (first version)",
    trigger: "the indices are read-only for a while",
    expected: fail("duplicate"),
    proof: live(lasting(18), withDeadLetters, readOnly),
    instead:
      "The list's poison message is no write here: what cannot be converted never reaches a store.",
  },
];
