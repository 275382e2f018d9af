/**
 * The track record's lines for the aggregator and the Kafka port, and for two bugs beyond the list.
 * What needs real servers, a real pause or volume is live; what is a race, or lives in the fold, is
 * found in the simulation in seconds.
 */
import type { BugCase } from "./bug-case.ts";

/** Nothing is read again at the end: windows of five minutes close every six seconds. */
const small = [
  ...["--rate", "20k/s", "--set", "load.warmUp=2s", "--set", "fleet.devices=4000"],
  ...["--set", "thresholds={}", "--set", "replay=[]"],
];

/**
 * One thousand, on average, is what the house demands; the first to find a bug may well come later.
 */
const seedsMost = 3_000;
const simulation = { kind: "simulation", seedsMost } as const;

const aWindow = "its class is that of the window: a reading is no record of the aggregated topic.";

export const aggregatorCases: readonly BugCase[] = [
  {
    id: "B08",
    bug: "commit-without-generation",
    what: "partitions held as if assigned by hand; offsets without generation, a new id each life",
    ancestor: "databricks/iceberg-kafka-connect #200, MaterializeInc/materialize #23363",
    trigger: "the aggregator stands still for longer than its session",
    expected: fail("duplicate", "zombie-write"),
    proof: live("--for", "18s", "--set", "faults=[{ at: 1s, pause: aggregator, for: 13s }]"),
    instead: "A new transactional id alone is harmless here: a zombie's generation is refused.",
  },
  {
    id: "B09",
    bug: "commit-without-metadata",
    what: "offsets sent by the name of the group alone; told of a rebalance after the next commit",
    ancestor: "spring-projects/spring-kafka #800, akka/alpakka-kafka #752, dpkp/kafka-python #2984",
    trigger: "instances join and leave",
    expected: fail("duplicate"),
    proof: simulation,
    instead:
      "Here a member commits before it rejoins, and has nothing left: this one rejoins by itself.",
  },
  {
    id: "B10",
    bug: "commit-with-live-generation",
    what: "the commit carries the member's generation of now, not that of the assignment",
    ancestor: "PostHog/posthog #68804, the race that KIP-447 closes",
    trigger: "instances join and leave",
    expected: fail("duplicate"),
    proof: simulation,
    instead:
      "Here nobody rejoins before it has committed, so both are one: this one rejoins by itself.",
  },
  {
    id: "B11",
    bug: "read-uncommitted",
    what: "the persisting jobs read uncommitted",
    ancestor: "risingwavelabs/risingwave #9024, IBMStreams/streamsx.kafka #192, librdkafka #3020",
    trigger: "an aggregate in a transaction that is aborted",
    expected: fail("aborted-read"),
    proof: simulation,
  },
  {
    id: "B12",
    bug: "forget-windows",
    what: "after a restart the open windows are empty",
    ancestor: "faust-streaming/faust #193, apache/incubator-heron #2754",
    trigger: "the aggregator is killed with windows half full",
    expected: fail("wrong-aggregate"),
    proof: simulation,
  },
  {
    id: "B13",
    bug: "forget-seen",
    what: "a checkpoint holds the windows, not which readings are in them",
    ancestor: "apache/pulsar #25954",
    trigger: "the aggregator dies between a reading and its copy",
    expected: fail("wrong-aggregate", "masked"),
    proof: simulation,
  },
  {
    id: "B14",
    bug: "round-to-second",
    what: "event times are rounded to seconds: a window's last half second goes to the next one",
    ancestor: "apache/beam #9958, CORE-cer/CORE #70, odysseus-dev/odysseus #2128",
    trigger: "readings at the end of a window",
    expected: fail("wrong-aggregate", "masked"),
    proof: simulation,
  },
  {
    id: "B15",
    bug: "drop-late",
    what: "what comes after its window's retention is dropped",
    ancestor: "risingwavelabs/risingwave #23270",
    trigger: "late readings",
    expected: fail("silent-drop"),
    proof: simulation,
  },
  {
    id: "B16",
    bug: "reopen-late",
    what: "a late reading opens its window anew, which is published as if it were all",
    ancestor: "turbolytics/sql-flow #234",
    trigger: "late readings",
    expected: fail("stale-final", "wrong-aggregate"),
    proof: simulation,
  },
  {
    id: "B17",
    bug: "swap-two-devices",
    what: "two neighbours of a batch have each other's temperature",
    ancestor: "ChrisKujawa/zdb #61, KAFKA-19012",
    trigger: "none",
    expected: fail("corrupt"),
    proof: simulation,
  },
  {
    id: "B18",
    bug: "fold-one-twice",
    what: "a window lacks one of its readings and holds another twice: the count is right",
    ancestor: "none known: the blind spot of every count",
    trigger: "none",
    expected: fail("masked"),
    proof: live("--for", "7s"),
  },
  {
    id: "B19",
    bug: "publish-thrice",
    what: "an aggregate is written three times: an exclusive or is unchanged",
    ancestor: "icanbwell/fhir-server #2507, akka/alpakka-kafka #752",
    trigger: "none",
    expected: fail("duplicate"),
    proof: simulation,
  },
  {
    id: "B25",
    bug: "forget-after-ttl",
    what: "what was seen is forgotten before its window is over",
    ancestor: "nats-io/nats-server #7302",
    trigger: "copies that come late",
    expected: fail("wrong-aggregate"),
    proof: simulation,
    instead: `The list says duplicate; ${aWindow}`,
  },
  {
    id: "B26",
    bug: "bloom-dedupe",
    what: "readings are recognised by a Bloom filter",
    ancestor: "theinterfold/interfold #1654, solana-labs/solana #22607",
    trigger: "volume",
    expected: fail("wrong-aggregate"),
    proof: live("--for", "13s"),
    instead: `The list says lost-write; ${aWindow}`,
  },
  {
    id: "B27",
    bug: "restart-is-copy",
    what: "a sequence that begins anew is taken for copies",
    ancestor: "TheThingsNetwork/lorawan-stack #3728, brocaar/chirpstack-network-server #38",
    trigger: "devices restart",
    expected: fail("lost-write"),
    proof: simulation,
  },
  {
    id: "B28",
    bug: "float-mean",
    what: "degrees are added up as 32-bit floats, in the order in which they come",
    ancestor: "elastic/elasticsearch #27807, prometheus/prometheus #5400, numpy/numpy #7368",
    trigger: "none; readings out of order change the result",
    expected: fail("wrong-aggregate"),
    proof: simulation,
  },
  {
    id: "B29",
    bug: "give-up-sending",
    what: "aggregates that could not be delivered are given up, and their offsets committed",
    ancestor: "datastax/kafka-sink #39 (KAF-47)",
    trigger: "requests refused or unanswered",
    expected: fail("lost-write"),
    proof: simulation,
  },
  {
    id: "B30",
    bug: "narrow-version",
    what: "the version of an aggregate is kept in 32 bits",
    ancestor: "amazon-ion/ion-c #116",
    trigger: "none",
    expected: fail("corrupt"),
    proof: simulation,
    instead: "Sequences are 32-bit by contract; the widest number on the way is the version.",
  },
  {
    id: "X01",
    bug: "drop-one-in-a-million",
    what: "of the raw topic each millionth reading never reaches the fold",
    ancestor: "none known: the proof's own yardstick",
    trigger: "volume",
    expected: fail("wrong-aggregate"),
    proof: live("--rate", "100k/s", "--for", "9s", "--set", "fleet.devices=20000"),
  },
  {
    id: "X02",
    bug: "skip-one-write",
    what: "one aggregate reaches one store only, and is reported as stored",
    ancestor: "none known: the proof's own yardstick",
    trigger: "none",
    expected: fail("lost-write", "stale-final"),
    proof: live("--for", "7s"),
  },
];

function fail(...classes: BugCase["expected"]["classes"]): BugCase["expected"] {
  return { verdict: "FAIL", classes };
}

function live(...args: readonly string[]): BugCase["proof"] {
  return { kind: "live", args: ["quick", ...small, ...args] };
}
