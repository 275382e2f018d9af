/**
 * Reads typed values out of a flat config by `KeySpec`, and collects what is wrong or doubtful by
 * key.
 */
import { type ExpandContext, expand } from "./expand.ts";
import type { KeySpecs } from "./key-spec.ts";

export type ConfigError = { readonly key: string; readonly message: string };

export type ConfigReader = {
  readonly errors: ConfigError[];
  /** Whole lines: the key, then what to know of it. */
  readonly warnings: string[];
  readonly fault: (key: string, message: string) => void;
  readonly warn: (key: string, message: string) => void;
  readonly text: (key: string) => string;
  readonly list: (key: string) => readonly string[];
  readonly int: (key: string) => number;
  readonly bool: (key: string) => boolean;
};

/** Longer values are no config that a person wrote. */
const maxLength = 64 * 1024;

export function readConfig(
  config: Readonly<Record<string, unknown>>,
  specs: KeySpecs,
  context: ExpandContext,
): ConfigReader {
  const errors: ConfigError[] = [];
  const warnings: string[] = [];
  const refuse = (key: string, message: string): void => {
    errors.push({ key, message });
  };
  const fault = (key: string, message: string): void => refuse(key, told(config[key], message));
  const warn = (key: string, message: string): void => {
    warnings.push(`${key} ${message}`);
  };

  function text(key: string): string {
    const spec = specs[key]!;
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    if (value === undefined || value === null) {
      if (spec.fallback !== undefined) return String(spec.fallback);
      fault(key, "is required");
      return "";
    }
    const given = plainText(value);
    if (given === undefined || given.length > maxLength) {
      fault(key, `must be a text, a number or a boolean, of at most ${maxLength} characters`);
      return "";
    }
    const expanded = expand(given, context);
    if (!expanded.ok) {
      refuse(key, expanded.message);
      return "";
    }
    const mayBeEmpty =
      spec.fallback === "" || (spec.type === "choice" && spec.of.includes(expanded.text));
    if (expanded.text === "" && !mayBeEmpty) fault(key, "must not be empty");
    else if (spec.type === "choice" && !spec.of.includes(expanded.text)) {
      const allowed = spec.of.filter((one) => one !== "").join(", ");
      fault(key, `is '${shorten(expanded.text)}'; allowed: ${allowed}`);
    }
    return expanded.text;
  }

  function int(key: string): number {
    const before = errors.length;
    const value = text(key);
    const spec = specs[key]!;
    if (errors.length > before || spec.type !== "int") return 0;
    const number = Number(value);
    if (/^-?\d+$/.test(value) && number >= spec.min && number <= spec.max) return number;
    fault(key, `is '${shorten(value)}'; allowed: integers from ${spec.min} to ${spec.max}`);
    return 0;
  }

  function bool(key: string): boolean {
    const before = errors.length;
    const value = text(key).toLowerCase();
    if (errors.length === before && value !== "true" && value !== "false") {
      fault(key, `is '${shorten(value)}'; allowed: true, false`);
    }
    return value === "true";
  }

  function list(key: string): readonly string[] {
    const before = errors.length;
    const entries = text(key)
      .split(",")
      .map((entry) => entry.trim());
    if (errors.length === before && entries.includes("")) fault(key, "holds an empty entry");
    return entries;
  }

  return { errors, warnings, fault, warn, text, list, int, bool };
}

/** Text, number or boolean as text; undefined for all else, which need not even have a text. */
export function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/**
 * The message, unless it might quote what came from the environment or a file: whoever may send a
 * config (REST) is not thereby told this machine's secrets.
 */
function told(given: unknown, message: string): string {
  const [reference] = /\$\{(env|file):[^}]*\}/.exec(plainText(given) ?? "") ?? [];
  if (reference === undefined) return message;
  return `is not valid; it comes from ${reference}, so what is wrong with it is not shown`;
}

/** A message quotes so much of a value at most. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
