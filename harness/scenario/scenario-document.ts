/**
 * A scenario as YAML with the place of every node: what the command line set is laid over the file,
 * and each fault can be said with line and column. Data, not code: core schema, unique keys,
 * bounded size.
 */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
} from "yaml";
import type { ScenarioProblem } from "./problem.ts";

export type Path = readonly (string | number)[];

/** One value set on the command line; `option` is how it is named in a message. */
export type Override = { readonly option: string; readonly path: string; readonly value: string };

export type ScenarioDocument = {
  readonly value: unknown;
  /**
   * A problem at the node under `path`, or at its key, or at the nearest node above that exists.
   */
  readonly problemAt: (path: Path, message: string, where?: "key" | "value") => ScenarioProblem;
};

export type OpenedDocument =
  | { readonly ok: true; readonly document: ScenarioDocument }
  | { readonly ok: false; readonly errors: readonly ScenarioProblem[] };

/** A scenario is written by hand; a larger file is some other file. */
const maxCharacters = 262_144;

export function openDocument(
  source: string,
  text: string,
  overrides: readonly Override[],
): OpenedDocument {
  const whole = { source, line: 1, column: 1, path: "" };
  if (text.length > maxCharacters) {
    return { ok: false, errors: [{ ...whole, message: "is too large to be a scenario" }] };
  }
  const lines = new LineCounter();
  const yaml = parseDocument(text, { schema: "core", lineCounter: lines, prettyErrors: false });
  const errors = yaml.errors.map(({ pos, message }): ScenarioProblem => {
    const { line, col } = lines.linePos(pos[0]);
    return { source, line, column: col, path: "", message };
  });
  if (errors.length > 0) return { ok: false, errors };
  if (!isMap(yaml.contents)) {
    return {
      ok: false,
      errors: [{ ...whole, message: "holds no scenario: a mapping is expected" }],
    };
  }
  const laid = overrides.map((override) => ({ override, fault: lay(yaml, override) }));
  const refused = laid.filter(({ fault }) => fault !== undefined);
  if (refused.length > 0) {
    return { ok: false, errors: refused.map(({ override, fault }) => onOption(override, fault!)) };
  }
  const problemAt = locator(source, yaml, lines, overrides);
  return { ok: true, document: { value: plain(yaml), problemAt } };
}

/** Aliases are bounded by the library; a file that goes beyond holds nothing. */
function plain(yaml: Document.Parsed): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/**
 * Keys of a path as typed. Below `thresholds` and a job's `config` the rest is one key, because metrics and keys of
 * Connect have dots.
 */
function keysOf(path: string): Path {
  const keys = path.split(".");
  const whole = keys[0] === "thresholds" ? 1 : keys[0] === "jobs" && keys[2] === "config" ? 3 : 0;
  if (whole === 0 || keys.length <= whole) return keys.map(numbered);
  return [...keys.slice(0, whole).map(numbered), keys.slice(whole).join(".")];
}

function numbered(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key;
}

/** Writes the value into the document; returns what was wrong with it, if anything. */
function lay(yaml: Document.Parsed, { path, value }: Override): string | undefined {
  const keys = keysOf(path);
  if (keys.some((key) => key === "")) return "needs the form path=value";
  const parsed = parseDocument(value, { schema: "core", prettyErrors: false });
  const isFlow = /^\s*["'[{]/.test(value);
  if (isFlow && parsed.errors.length > 0) {
    return `the value cannot be read: ${parsed.errors[0]!.message}`;
  }
  for (let length = 1; length < keys.length; length++) {
    const above = yaml.getIn(keys.slice(0, length), true);
    if (above !== undefined && !isCollection(above)) {
      return `${keys.slice(0, length).join(".")} is one value, nothing lies below it`;
    }
    if (isSeq(above) && typeof keys[length] !== "number") {
      return `${keys.slice(0, length).join(".")} is a list: a number is expected after it`;
    }
  }
  // A text like `>=99%` begins a block in YAML; on a command line it is what it looks like.
  const content: unknown = parsed.errors.length > 0 ? value : parsed.toJS();
  // An empty value takes the key away, so that the default, or what follows from others, holds
  // again.
  if (content !== null) yaml.setIn(keys, yaml.createNode(content));
  else if (!yaml.hasIn(keys))
    return "the scenario does not set it, so there is nothing to take away";
  else yaml.deleteIn(keys);
  return undefined;
}

function locator(
  source: string,
  yaml: Document.Parsed,
  lines: LineCounter,
  overrides: readonly Override[],
): ScenarioDocument["problemAt"] {
  return (path, message, where = "value") => {
    const named = path.join(".");
    const set = overrides.findLast((override) => `${named}.`.startsWith(`${override.path}.`));
    if (set !== undefined) return onOption(set, message, named);
    const offset = offsetOf(yaml, path, where);
    // No place in the file, yet something is there: the command line made it, to hold what it set.
    const maker = overrides.find((override) => override.path.startsWith(`${named}.`));
    if (offset === undefined && maker !== undefined) return onOption(maker, message, named);
    const { line, col } = lines.linePos(offset ?? placeAbove(yaml, path));
    return { source, line, column: col, path: named, message };
  };
}

function onOption({ option, path }: Override, message: string, named = path): ScenarioProblem {
  return { source: option, line: undefined, column: undefined, path: named, message };
}

/** Where the node, or its key, begins; undefined when the file does not hold it. */
function offsetOf(yaml: Document.Parsed, path: Path, where: "key" | "value"): number | undefined {
  const parent = yaml.getIn(path.slice(0, -1), true);
  const last = String(path.at(-1));
  const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === last) : undefined;
  const node = where === "key" ? pair?.key : yaml.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** What is missing is missing from its parent: the nearest key, or element of a list, above it. */
function placeAbove(yaml: Document.Parsed, path: Path): number {
  for (let length = path.length - 1; length > 0; length--) {
    const above = path.slice(0, length);
    const offset = offsetOf(yaml, above, "key") ?? offsetOf(yaml, above, "value");
    if (offset !== undefined) return offset;
  }
  return 0;
}
