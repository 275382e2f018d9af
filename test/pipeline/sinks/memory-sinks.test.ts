/** The stores in memory keep the promises of a sink. */
import { memoryCassandraFixture } from "./memory-cassandra-fixture.ts";
import { memoryElasticsearchFixture } from "./memory-elasticsearch-fixture.ts";
import { sinkContract } from "./sink-contract.ts";
import { cassandraTraits, elasticsearchTraits } from "./sink-fixture.ts";

sinkContract("Elasticsearch in memory", memoryElasticsearchFixture, elasticsearchTraits);
sinkContract("Cassandra in memory", memoryCassandraFixture, cassandraTraits);
