/**
 * Every promise of `pipeline/kafka/port.ts` as tests. Each adapter passes them: the real broker and the
 * one in memory. They assert nothing that only virtual time could keep, and wait for conditions only.
 */
import { describe } from "vitest";
import { contractBench, type KafkaFixture } from "./contract-bench.ts";
import { groupAdminContract } from "./group-admin-contract.ts";
import { groupContract } from "./group-contract.ts";
import { logContract } from "./log-contract.ts";
import { offsetContract } from "./offset-contract.ts";
import { producerContract } from "./producer-contract.ts";
import { topicContract } from "./topic-contract.ts";
import { transactionContract } from "./transaction-contract.ts";

/** `factory` is called once. */
export function kafkaContract(name: string, factory: () => Promise<KafkaFixture>): void {
  describe(name, { timeout: 30_000 }, () => {
    const bench = contractBench(factory);
    describe("log", () => logContract(bench));
    describe("transactions", () => transactionContract(bench));
    describe("groups", () => groupContract(bench));
    describe("offsets", () => offsetContract(bench));
    describe("groups from outside", () => groupAdminContract(bench));
    describe("topics", () => topicContract(bench));
    describe("producer", () => producerContract(bench));
  });
}
