/**
 * The track record's lines for the harness itself: what it would say of a sound pipeline if it were
 * wrong, and what the sound harness says of the same run.
 */
import type { BugCase } from "./bug-case.ts";
import { fail, faults, inElasticsearch, lasting, live, set } from "./case-parts.ts";

const inTwoShards = set(
  "jobs=[{ file: jobs/elasticsearch.json, config: { fleetproof.elastic.shards: 2 } }]",
);

export const harnessCases: readonly BugCase[] = [
  {
    id: "H01",
    bug: "stale-end-offset",
    what: "harness: the audit stops at an end of the topic that was one a while ago",
    ancestor: "apache/kafka #6070, apache/kafka #8440",
    trigger: "none",
    expected: { verdict: "INVALID", classes: [] },
    verified: "PASS",
    proof: live(lasting(7), inElasticsearch),
  },
  {
    id: "H02",
    bug: "time-out-as-failure",
    what: "harness: a send of unknown outcome is booked as failed",
    ancestor: "scalar-labs/scalar-jepsen #29",
    trigger: "a simulator's worker is killed with sends under way",
    expected: fail("aborted-read"),
    verified: "PASS",
    proof: live(lasting(9), inElasticsearch, faults("at: 5s, kill: simulator")),
  },
  {
    id: "H03",
    bug: "empty-topic-name",
    what: "harness: the audit reads a topic without a name, which holds nothing",
    ancestor: "scylladb/gemini #78",
    trigger: "none",
    expected: { verdict: "INVALID", classes: [] },
    verified: "PASS",
    proof: live(lasting(7), inElasticsearch),
  },
  {
    id: "H04",
    bug: "lost-shard",
    what: "harness: the scan of Elasticsearch asks one shard of each index",
    ancestor: "elastic/elasticsearch #28499, opensanctions/yente #1265",
    trigger: "none",
    expected: { verdict: "UNKNOWN", classes: [] },
    proof: live(lasting(7), inTwoShards),
  },
];
