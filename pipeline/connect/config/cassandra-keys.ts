/** Keys of a job that writes to Cassandra: Stream Reactor's names where it has one. */
import { consistencies } from "../../sinks/cassandra/settings.ts";
import { groupOf, type KeySpecs } from "./key-spec.ts";

/** An answer that takes longer than this is none. */
const longestMs = 600_000;

const connection = groupOf("Connection", {
  "connect.cassandra.contact.points": {
    type: "list",
    fallback: "localhost",
    importance: "high",
    doc: "Names or addresses, without ports.",
  },
  "connect.cassandra.port": {
    type: "int",
    min: 1,
    max: 65_535,
    fallback: 9_042,
    importance: "high",
    doc: "Port of all contact points.",
  },
  "connect.cassandra.key.space": {
    type: "text",
    importance: "high",
    doc: "Keyspace of the targets that name none.",
  },
  "connect.cassandra.username": {
    type: "text",
    fallback: "",
    importance: "medium",
    doc: "To log in with; empty: without a login.",
  },
  "connect.cassandra.password": {
    type: "text",
    fallback: "",
    secret: true,
    importance: "medium",
    doc: "To log in with; best as a reference to the environment or a file.",
  },
  "connect.cassandra.load.balancing.local.dc": {
    type: "text",
    fallback: "datacenter1",
    importance: "medium",
    doc: "The data centre whose nodes are asked.",
  },
  "connect.cassandra.connect.timeout.ms": {
    type: "int",
    min: 100,
    max: longestMs,
    fallback: 5_000,
    importance: "low",
    doc: "What is waited for a connection.",
  },
  "connect.cassandra.read.timeout.ms": {
    type: "int",
    min: 100,
    max: longestMs,
    fallback: 12_000,
    importance: "low",
    doc: "What is waited for one answer.",
  },
});

const writing = groupOf("Writing", {
  "connect.cassandra.kcql": {
    type: "text",
    importance: "high",
    doc: "The statements, separated by ';': what is read, projected and written where.",
  },
  "connect.cassandra.consistency.level": {
    type: "choice",
    of: consistencies,
    fallback: "LOCAL_QUORUM",
    importance: "medium",
    doc: "How many replicas confirm a write.",
  },
  "connect.cassandra.default.value": {
    type: "choice",
    of: ["UNSET", "NULL", ""],
    fallback: "UNSET",
    importance: "medium",
    doc: "What a missing field writes: nothing, or (NULL, empty) a null, which is a tombstone of the cell.",
  },
  "connect.cassandra.delete.enabled": {
    type: "bool",
    fallback: false,
    importance: "medium",
    doc: "true: as fleetproof.null.values = delete.",
  },
  "fleetproof.cassandra.replication": {
    type: "int",
    min: 1,
    max: 100,
    fallback: 1,
    importance: "low",
    doc: "Copies in the local data centre, of a keyspace that the job creates.",
  },
});

export const cassandraKeys: KeySpecs = { ...writing, ...connection };
