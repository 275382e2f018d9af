/** Keys of a job that writes to Elasticsearch: Stream Reactor's names where it has one. */
import { dayMs, groupOf, type KeySpecs } from "./key-spec.ts";

const connection = groupOf("Connection", {
  "connect.elastic.hosts": {
    type: "list",
    fallback: "localhost",
    importance: "high",
    doc: "Names or addresses, without ports.",
  },
  "connect.elastic.port": {
    type: "int",
    min: 1,
    max: 65_535,
    fallback: 9_200,
    importance: "high",
    doc: "HTTP port of all hosts (Stream Reactor's elastic7 has 9300 by default).",
  },
  "connect.elastic.protocol": {
    type: "choice",
    of: ["http", "https"],
    fallback: "http",
    importance: "low",
    doc: "How the hosts are spoken to.",
  },
  "connect.elastic.use.http.username": {
    type: "text",
    fallback: "",
    importance: "medium",
    doc: "For basic authentication; empty: none.",
  },
  "connect.elastic.use.http.password": {
    type: "text",
    fallback: "",
    secret: true,
    importance: "medium",
    doc: "For basic authentication; best as a reference to the environment or a file.",
  },
});

const writing = groupOf("Writing", {
  "connect.elastic.kcql": {
    type: "text",
    importance: "high",
    doc: "The statements, separated by ';': what is read, projected and written where.",
  },
  "connect.elastic.batch.size": {
    type: "int",
    min: 1,
    max: 100_000,
    fallback: 2_000,
    importance: "medium",
    doc: "Documents of one bulk.",
  },
  "connect.elastic.write.timeout": {
    type: "int",
    min: 100,
    max: dayMs,
    fallback: 30_000,
    importance: "medium",
    doc: "What is waited for the answer to one bulk, in milliseconds.",
  },
  "connect.elastic.pk.separator": {
    type: "text",
    fallback: "-",
    importance: "low",
    doc: "Between the values of the primary key in a document's id.",
  },
  "fleetproof.index.time": {
    type: "choice",
    of: ["event", "wall-clock"],
    fallback: "event",
    importance: "medium",
    doc: "Which time an index's date is of. wall-clock: a replay on another day fills other indices.",
  },
  "fleetproof.elastic.shards": {
    type: "int",
    min: 1,
    max: 1_024,
    fallback: 1,
    importance: "low",
    doc: "Shards of the indices that the job creates.",
  },
  "fleetproof.elastic.replicas": {
    type: "int",
    min: 0,
    max: 10,
    fallback: 0,
    importance: "low",
    doc: "Replicas of the indices that the job creates.",
  },
});

const retirement = groupOf("Retirement", {
  "retire.after.days": {
    type: "int",
    min: 0,
    max: 36_500,
    fallback: 0,
    importance: "medium",
    doc: "Indices of this job whose day ended so many days ago are retired; 0: never.",
  },
  "retire.action": {
    type: "choice",
    of: ["close", "delete"],
    fallback: "close",
    importance: "medium",
    doc: "What retirement does to an index.",
  },
});

export const elasticsearchKeys: KeySpecs = { ...writing, ...connection, ...retirement };
