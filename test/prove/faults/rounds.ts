/**
 * The rounds of `prove:faults`: every kind of the catalogue on every target that it has, and every crash point. Which
 * there are follows from the catalogue; only the parameters are said here, by family.
 */
import {
  definitionOf,
  type FaultKind,
  faultKinds,
} from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { crashRounds } from "./crash-rounds.ts";
import { inputPlans } from "./input-plans.ts";
import type { KindPlan, KindPlans } from "./kind-plan.ts";
import { networkPlans } from "./network-plans.ts";
import { processPlans } from "./process-plans.ts";
import type { Round } from "./round.ts";
import { serverPlans } from "./server-plans.ts";

const plans: KindPlans<FaultKind> = {
  ...processPlans,
  ...networkPlans,
  ...serverPlans,
  ...inputPlans,
};

/** Targets that do not disturb one another, so that one round does for them; any other is alone in its round. */
const together: readonly (readonly string[])[] = [
  ["job-elasticsearch", "job-cassandra"],
  ["job-elasticsearch/kafka", "job-cassandra/kafka", "simulator/kafka"],
  ["job-elasticsearch/elasticsearch", "job-cassandra/cassandra"],
];

export function allRounds(): readonly Round[] {
  return [...faultKinds.flatMap(roundsOf), ...crashRounds()];
}

export function targetsOf(kind: FaultKind): readonly string[] {
  const { processes = [], wholes = [] } = definitionOf(kind);
  return [...new Set([...processes, ...wholes])];
}

function roundsOf(kind: FaultKind): readonly Round[] {
  return [plans[kind]].flat().flatMap((plan) => plannedRounds(kind, plan));
}

function plannedRounds(kind: FaultKind, plan: KindPlan): readonly Round[] {
  const { family: group, verdict } = definitionOf(kind);
  const { scenario = "quick", set = [], classes = [] } = plan;
  const all = typeof plan.with === "string" ? [plan.with] : (plan.with ?? [""]);
  return all.flatMap((parameters) =>
    groupsOf(plan.targets ?? targetsOf(kind), plan).map((targets) => ({
      name: [`${kind} ${targets.join(" and ")}`, plan.name ?? parameters]
        .filter(Boolean)
        .join(", "),
      group,
      scenario,
      targets,
      steps: targets.flatMap((target) => stepsOf(kind, plan, target, parameters)),
      set,
      verdict,
      classes,
    })),
  );
}

function stepsOf(
  kind: FaultKind,
  { at = "5s", steps }: KindPlan,
  target: string,
  parameters: string,
): readonly string[] {
  if (steps !== undefined) return steps(target);
  const rest = parameters === "" ? "" : `, ${parameters}`;
  return [`{ at: ${at}, ${kind}: ${target}${rest} }`];
}

function groupsOf(targets: readonly string[], plan: KindPlan): readonly (readonly string[])[] {
  if (plan.alone) return targets.map((target) => [target]);
  const placeOf = (target: string): string =>
    together.find((group) => group.includes(target))?.join() ?? target;
  return [...Map.groupBy(targets, placeOf).values()];
}
