/** A second aggregator beside the run's own, with a group and topics of its own: started, found, stopped. */
import type { RunNames } from "../../../pipeline/contract/names.ts";
import { transactionalProducer } from "../../observe/transactional-producer.ts";
import { type AgainNames, againNames, againStage } from "../../replay/again-names.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import { ReplayError } from "../../replay/replay-error.ts";
import type { Stage } from "../groups.ts";
import { aggregatorSlot } from "../pipeline-slots.ts";
import type { RunContext } from "../run-context.ts";
import { createRunTopics } from "../topics.ts";
import { DeadlineError, until } from "../until.ts";
import type { ReplayParts } from "./replay-parts.ts";

const producerWithinMs = 60_000;
const askEveryMs = 200;

/** Makes the topics that are to be its own. `fresh`: beside what it refuses and its checkpoints. */
export async function makeSecondTopics(
  { nth }: NumberedStep,
  fresh: readonly ("raw" | "aggregated")[],
  { stack, scenario, names, clock, signal }: RunContext,
): Promise<RunNames> {
  const again: AgainNames = againNames(names, nth, fresh);
  await createRunTopics({
    bootstrap: stack.kafka.bootstrap,
    names: again,
    only: [...fresh, "rejected", "checkpoints"],
    partitions: scenario.topics.partitions,
    clock,
    signal,
  });
  return { ...names, ...again };
}

/** It is drained before the jobs: they read what it writes. */
export async function startSecondAggregator(
  { nth }: NumberedStep,
  names: RunNames,
  { jobs }: RunContext,
  { slots, groups, pipeline }: ReplayParts,
): Promise<Stage> {
  const name = againStage(nth);
  await slots.start(aggregatorSlot({ ...pipeline, names }, 0, name));
  const stage = {
    stage: name,
    processes: name,
    group: names.aggregatorGroup,
    topic: names.topics.raw,
  };
  groups.add(stage, jobs[0]?.store);
  return stage;
}

export function stopSecondAggregator({ nth }: NumberedStep, { slots }: ReplayParts): Promise<void> {
  return slots.stop(`${againStage(nth)}-0`);
}

/** By which the records of the second aggregator are told from those of the first. Errors: `ReplayError`. */
export async function producerOfSecond(
  { aggregatorGroup }: RunNames,
  { stack, clock, signal }: RunContext,
): Promise<number> {
  let producerId: number | undefined;
  // A slot's transactional id, as the contract names it.
  const transactionalId = `${aggregatorGroup}-0`;
  const isThere = async (): Promise<boolean> => {
    producerId = await transactionalProducer(stack.kafka.bootstrap, transactionalId);
    return producerId !== undefined;
  };
  const sentence = (): string =>
    `nobody wrote as ${transactionalId} within ${producerWithinMs / 1_000} s`;
  try {
    const wait = { withinMs: producerWithinMs, everyMs: askEveryMs, clock, signal, sentence };
    await until(isThere, wait);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new ReplayError("refused", error.message, error);
  }
  return producerId!;
}
