/** What `fleetproof faults` knows of a kind: its definition, its targets and parameters, and a step as an example. */
import { definitionOf, type FaultKind, roleOf } from "../scenario/fault-kinds/fault-catalogue.ts";
import {
  type FaultDefinition,
  type Parameter,
  stepKeys,
} from "../scenario/fault-kinds/fault-definition.ts";

/** A value that each parameter can have, for the example. */
const examples: Readonly<Record<Parameter, string>> = {
  for: "12s",
  every: "3s",
  by: "2s",
  jitter: "50ms",
  to: "100KiB/s",
  bytes: "100",
  way: "requests",
  share: "20%",
  point: "after-offsets",
  as: "form",
};

export type FaultFacts = FaultDefinition & {
  readonly kind: FaultKind;
  readonly targets: readonly string[];
  /** By name; whether a step needs it, or may have it. */
  readonly parameters: Readonly<Partial<Record<Parameter, "needed" | "taken">>>;
  /** A step as a scenario writes it. */
  readonly example: string;
};

export function faultFacts(kind: FaultKind): FaultFacts {
  const definition = definitionOf(kind);
  const { processes = [], wholes = [] } = definition;
  const parameters = parametersOf(kind);
  const targets = [...new Set([...processes, ...wholes])];
  return { ...definition, kind, targets, parameters, example: exampleOf(kind, targets[0] ?? "") };
}

function parametersOf(kind: FaultKind): FaultFacts["parameters"] {
  const names = Object.keys(stepKeys) as readonly Parameter[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const role = roleOf(kind, name);
      return role === "none" ? [] : [[name, role]];
    }),
  );
}

/** With what it needs, and with its first form. `start` is of an instance that is not there yet. */
function exampleOf(kind: FaultKind, target: string): string {
  const { needs = {}, forms } = definitionOf(kind);
  const parameters = (Object.keys(needs) as Parameter[]).map(
    (name) => `${name}: ${examples[name]}`,
  );
  const at = kind === "start" ? `${target}-1` : target;
  const form = forms?.[0] === undefined || needs.as !== undefined ? [] : [`as: ${forms[0]}`];
  return `{ ${["at: 14s", `${kind}: ${at}`, ...parameters, ...form].join(", ")} }`;
}
