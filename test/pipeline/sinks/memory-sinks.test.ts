/** The stores in memory keep the promises of a sink. */
import { memoryCassandraFixture, memoryElasticsearchFixture } from "./memory-sinks.ts";
import { sinkContract } from "./sink-contract.ts";

sinkContract("Elasticsearch in memory", memoryElasticsearchFixture);
sinkContract("Cassandra in memory", memoryCassandraFixture);
