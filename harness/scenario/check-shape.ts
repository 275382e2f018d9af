/**
 * The schema's complaints in the words of the house, each with its place and the nearest valid key.
 */
import type * as z from "zod";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";
import type { ScenarioProblem } from "./problem.ts";
import type { Path, ScenarioDocument } from "./scenario-document.ts";
import { type ScenarioFile, scenarioSchema } from "./scenario-schema.ts";

export type ShapeCheck = {
  /** What of the file is sound, the faulty values left out; undefined when too little is left. */
  readonly sound: ScenarioFile | undefined;
  readonly problems: readonly ScenarioProblem[];
  /** Paths of the faulty values: checks between values leave these alone. */
  readonly faulty: readonly Path[];
};

/** Kinds of steps that the design knows and this version does not offer. */
const laterKeys: Readonly<Record<string, readonly string[]>> = {
  faults: ["cut", "slow", "fill", "throttle", "skew"],
  replay: ["new-group", "raw", "refold"],
};

export function checkShape(document: ScenarioDocument): ShapeCheck {
  const parsed = scenarioSchema.safeParse(document.value);
  if (parsed.success) return { sound: parsed.data, problems: [], faulty: [] };
  const issues = withoutEchoes(parsed.error.issues);
  const problems = issues.flatMap((issue) => inOurWords(document, issue));
  const faulty = distinct(parsed.error.issues.flatMap(pathsOf));
  const rest = structuredClone(document.value);
  // From the back, so that a list's earlier places keep their numbers.
  for (const path of [...faulty].reverse()) removeAt(rest, path);
  if (faulty.some((path) => path.join(".") === "name")) Object.assign(Object(rest), { name: "x" });
  const again = scenarioSchema.safeParse(rest);
  return { sound: again.success ? again.data : undefined, problems, faulty };
}

/** A step with a misnamed key also lacks the one that was meant: one fault, said once. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const misnamed = new Set(
    issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? [path.join(".")] : [])),
  );
  return issues.filter(
    ({ code, path }) => code === "unrecognized_keys" || !misnamed.has(path.join(".")),
  );
}

function inOurWords(document: ScenarioDocument, issue: z.core.$ZodIssue): ScenarioProblem[] {
  const path = placeOf(issue);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      document.problemAt([...path, key], unknownKey(path, key), "key"),
    );
  }
  const message = issue.message.startsWith("Invalid input")
    ? issue.message.replace("Invalid input: expected ", "must be of another kind: expected ")
    : issue.message;
  return [document.problemAt(path, message)];
}

function unknownKey(path: Path, key: string): string {
  const known = knownKeys(scenarioSchema, path);
  if (laterKeys[String(path[0])]?.includes(key)) {
    return `is not offered yet; there is ${known.join(", ")}`;
  }
  const nearest = nearestName(key, known);
  return nearest === undefined
    ? `no such key; there are ${known.join(", ")}`
    : `no such key; did you mean ${nearest}?`;
}

function placeOf(issue: z.core.$ZodIssue): Path {
  return issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
}

function pathsOf(issue: z.core.$ZodIssue): Path[] {
  const path = placeOf(issue);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  // A faulty step goes as a whole, a faulty value alone.
  return [path[0] === "faults" || path[0] === "replay" ? path.slice(0, 2) : path];
}

/** A step with two faults is taken away once: its number would be its neighbour's the second time. */
function distinct(paths: readonly Path[]): Path[] {
  return [...new Map(paths.map((path) => [path.join("."), path])).values()];
}

function removeAt(value: unknown, path: Path): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return;
  if (rest.length > 0) {
    removeAt(Reflect.get(value, key), rest);
  } else if (Array.isArray(value)) {
    value.splice(Number(key), 1);
  } else {
    Reflect.deleteProperty(value, key);
  }
}
