/** What `fleetproof faults` prints: the catalogue as a table by family, and one kind in full. */
import { crashPoints } from "../scenario/fault-kinds/crash-point-names.ts";
import {
  definitionOf,
  type FaultKind,
  faultKinds,
} from "../scenario/fault-kinds/fault-catalogue.ts";
import { type FaultDefinition, links } from "../scenario/fault-kinds/fault-definition.ts";
import { fleetTroubles } from "../scenario/fault-kinds/fleet-troubles.ts";
import { storeNames } from "../scenario/scenario.ts";
import { faultFacts } from "./fault-facts.ts";

const families = {
  process: "Processes and the groups in which they share their work",
  network: "The network between a stage and a server",
  server: "Servers and what they keep",
  input: "What comes in",
} as const satisfies Record<FaultDefinition["family"], string>;

/** By family; two lines a kind: what it does, and to what, how, with what at stake. */
export function catalogueLines(): readonly string[] {
  const width = Math.max(...faultKinds.map((kind) => kind.length));
  const lines = Object.entries(families).flatMap(([family, title]) => {
    const kinds = faultKinds.filter((kind) => definitionOf(kind).family === family);
    const rows = kinds.flatMap((kind) => {
      const { summary, endangers, verdict } = definitionOf(kind);
      const about = [
        `on ${shortTargets(kind)}`,
        ...parameterWords(kind),
        `endangers ${endangers.join(" ")}`,
        ...(verdict.is === "PASS" ? [] : [`leads to ${verdict.is}`]),
      ];
      return [`  ${kind.padEnd(width)}  ${summary}`, `  ${" ".repeat(width)}  ${about.join("; ")}`];
    });
    return kinds.length === 0 ? [] : [title, ...rows, ""];
  });
  return [
    ...lines,
    ...troubleLines(),
    `${faultKinds.length} kinds of steps. The clauses are those of the contract that a pipeline breaks which does not stand the fault; a`,
    "sound one comes to PASS, unless said. `fleetproof faults KIND` shows it in full, with an example.",
  ];
}

/** What is no step: a key of the scenario, for the whole load. */
function troubleLines(): readonly string[] {
  const troubles = Object.entries(fleetTroubles);
  const width = Math.max(...troubles.map(([key]) => key.length));
  const rows = troubles.map(
    ([key, { summary, endangers }]) =>
      `  ${key.padEnd(width)}  ${summary}; endangers ${endangers.join(" ")}`,
  );
  const title = "What the fleet itself does, for the whole load (keys of a scenario, no steps)";
  return [title, ...rows, ""];
}

/** What always goes together, in a word. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "any link": links,
  "any job": storeNames.map((store) => `job-${store}`),
  "any server": ["kafka", ...storeNames],
};

function shortTargets(kind: FaultKind): string {
  const { targets } = faultFacts(kind);
  const whole = Object.entries(groups).filter(([, all]) =>
    all.every((one) => targets.includes(one)),
  );
  const told = whole.flatMap(([, all]) => all);
  const others = targets.filter((target) => !told.includes(target));
  return [...others, ...whole.map(([name]) => name)].join(", ");
}

function parameterWords(kind: FaultKind): readonly string[] {
  const names = Object.entries(faultFacts(kind).parameters);
  const of = (role: string): string =>
    names.flatMap(([name, its]) => (its === role ? [name] : [])).join(", ");
  const [needed, taken] = [of("needed"), of("taken")];
  return [
    ...(needed === "" ? [] : [`needs ${needed}`]),
    ...(taken === "" ? [] : [`may have ${taken}`]),
  ];
}

/** One kind in full. */
export function kindLines(kind: FaultKind): readonly string[] {
  const { family, summary, endangers, targets, needs, takes, forms, verdict, example } =
    faultFacts(kind);
  const needed = Object.entries(needs ?? {}).map(([name, says]) => `    ${name}: ${says}`);
  return [
    `${kind} (${families[family].toLowerCase()})`,
    `  ${summary}`,
    `  targets: ${targets.join(", ")}`,
    ...(needed.length === 0 ? [] : ["  needs", ...needed]),
    ...(takes === undefined ? [] : [`  may have ${takes.join(", ")}`]),
    ...(forms === undefined ? [] : [`  as: ${forms.join(", ")}`]),
    ...(takes?.includes("point") ? pointLines() : []),
    `  endangers ${endangers.join(", ")}`,
    `  leads to ${verdict.is}${verdict.because === undefined ? "" : `: ${verdict.because}`}`,
    "",
    "Example:",
    `  faults: [ ${example} ]`,
  ];
}

function pointLines(): readonly string[] {
  const stages = Map.groupBy(Object.entries(crashPoints), ([, points]) => points);
  return [...stages].flatMap(([points, of]) => {
    const names = Object.entries(points);
    const width = Math.max(...names.map(([name]) => name.length));
    return [
      `  points of ${of.map(([stage]) => stage).join(", ")}`,
      ...names.map(([name, { meaning }]) => `    ${name.padEnd(width)}  ${meaning}`),
    ];
  });
}
