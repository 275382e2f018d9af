/** The real stores keep the promises of a sink. Each store has indices or a keyspace of its own, deleted after it. */

import { sinkContract } from "../pipeline/sinks/sink-contract.ts";
import { cassandraTraits, elasticsearchTraits } from "../pipeline/sinks/sink-fixture.ts";
import { cassandraFixture } from "./cassandra-fixture.ts";
import { elasticsearchFixture } from "./elasticsearch-fixture.ts";

sinkContract("Elasticsearch", elasticsearchFixture, elasticsearchTraits);
sinkContract("Cassandra", cassandraFixture, cassandraTraits);
