import { kafkaContract } from "../pipeline/kafka/contract/kafka-contract.ts";
import { realKafka } from "./kafka-fixture.ts";
import { liveStack } from "./live-stack.ts";

kafkaContract("a real broker", () => realKafka(liveStack().kafka.bootstrap));
