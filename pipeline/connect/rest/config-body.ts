/**
 * Bodies that hold a config. Connect's configs are strings; numbers and booleans are taken as what they look like.
 * Of a key that is there twice the last counts, as in Connect's own parser. Errors: `HttpError` 400 that names every
 * fault.
 */
import { HttpError } from "../../http/http-error.ts";
import type { TargetState } from "../worker/herder.ts";

type Config = Readonly<Record<string, string>>;
type Patch = Readonly<Record<string, string | null>>;

/** Faults in one answer: enough to see what is wrong. */
const maxFaults = 10;

/** A whole config for the connector `name`. Its key `name`, which Connect adds, is checked and taken out. */
export function readConfig(body: unknown, name: string): Config {
  return withoutName(readValues(body, "refused"), name) as Config;
}

/** Changes to a config: null takes a key away. */
export function readPatch(body: unknown, name: string): Patch {
  const patch = withoutName(readValues(body, "kept"), name);
  if (Object.keys(patch).length > 0) return patch;
  throw new HttpError(
    400,
    "The patch changes nothing: give at least one key with a value or null.",
  );
}

/** A config to be looked at only; null and absent are the same in it. */
export function readDraft(body: unknown): Config {
  const values = Object.entries(readValues(body, "kept"));
  return Object.fromEntries(values.filter(([, value]) => value !== null)) as Config;
}

/** Body of POST /connectors: `{name, config, initial_state?}`. */
export function readCreation(body: unknown): {
  readonly name: string;
  readonly config: Config;
  readonly initial: TargetState;
} {
  const { name, config, initial_state, ...rest } = requireObject(body, "The body");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const known = "there are 'name', 'config' and 'initial_state'";
    throw new HttpError(400, `Unrecognized field ${quote(unknown)}: ${known}.`);
  }
  const trimmed = typeof name === "string" ? name.trim() : "";
  if (trimmed === "") throw new HttpError(400, "'name' must be a string that is not empty.");
  return {
    name: trimmed,
    config: readConfig(config, trimmed),
    initial: readState(initial_state),
  };
}

function readState(value: unknown): TargetState {
  if (value === undefined || value === null) return "RUNNING";
  const state = typeof value === "string" ? value.toUpperCase() : "";
  if (state === "RUNNING" || state === "PAUSED" || state === "STOPPED") return state;
  throw new HttpError(400, "'initial_state' must be RUNNING, PAUSED or STOPPED.");
}

function readValues(body: unknown, nulls: "kept" | "refused"): Patch {
  const faults: string[] = [];
  const values = Object.entries(requireObject(body, "The config")).map(([key, value]) => {
    const text = readValue(value);
    const fault = faultOf(value, text, nulls);
    if (fault !== undefined) faults.push(`${quote(key)} ${fault}`);
    return [key, text ?? null] as const;
  });
  if (faults.length === 0) return Object.fromEntries(values);
  const more = faults.length > maxFaults ? `; and ${faults.length - maxFaults} more` : "";
  throw new HttpError(400, `${faults.slice(0, maxFaults).join("; ")}${more}.`);
}

/** undefined: it has no place in a config. A number is taken if JSON carried it unharmed. */
function readValue(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && isUnharmed(value))) {
    return String(value);
  }
  return undefined;
}

function faultOf(
  value: unknown,
  text: string | undefined,
  nulls: "kept" | "refused",
): string | undefined {
  if (text !== undefined || (value === null && nulls === "kept")) return undefined;
  if (value === null) return "is null: leave it out, or PATCH the config to take it away";
  if (typeof value === "number") return "is too large for a JSON number: write it as a string";
  return "must be a string";
}

function isUnharmed(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function withoutName({ name: given, ...config }: Patch, name: string): Patch {
  if (given === undefined || given === name) return config;
  throw new HttpError(
    400,
    `Connector name configuration (${cut(String(given))}) doesn't match connector name in the ` +
      `URL (${cut(name)})`,
  );
}

function requireObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new HttpError(400, `${what} must be a JSON object.`);
}

function quote(key: string): string {
  return `'${cut(key)}'`;
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
