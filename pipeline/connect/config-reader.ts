/** Reads typed values out of a flat config by `KeySpec`, and collects what is wrong by key. */
import type { KeySpec } from "./config-keys.ts";
import { type ExpandContext, expand } from "./expand.ts";

export type ConfigError = { readonly key: string; readonly message: string };

export type ConfigReader = {
  readonly errors: ConfigError[];
  readonly fault: (key: string, message: string) => void;
  readonly text: (key: string) => string;
  readonly list: (key: string) => readonly string[];
  readonly int: (key: string) => number;
};

/** Longer values are no config that a person wrote. */
const maxLength = 64 * 1024;

export function readConfig(
  config: Readonly<Record<string, unknown>>,
  specs: Readonly<Record<string, KeySpec>>,
  context: ExpandContext,
): ConfigReader {
  const errors: ConfigError[] = [];
  const fault = (key: string, message: string): void => {
    errors.push({ key, message });
  };

  function text(key: string): string {
    const spec = specs[key]!;
    const value = config[key];
    if (value === undefined || value === null) {
      if (spec.type === "int" || spec.fallback !== undefined) return String(spec.fallback);
      fault(key, "is required");
      return "";
    }
    if (typeof value === "object" || String(value).length > maxLength) {
      fault(key, "must be a text, a number or a boolean");
      return "";
    }
    const expanded = expand(String(value), context);
    if (!expanded.ok) {
      fault(key, expanded.message);
      return "";
    }
    const isEmpty = expanded.text === "" && (!("fallback" in spec) || spec.fallback !== "");
    if (isEmpty) fault(key, "must not be empty");
    else if (spec.type === "choice" && !spec.of.includes(expanded.text)) {
      fault(key, `is '${expanded.text}'; allowed: ${spec.of.join(", ")}`);
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
    fault(key, `is '${value}'; allowed: integers from ${spec.min} to ${spec.max}`);
    return 0;
  }

  function list(key: string): readonly string[] {
    const before = errors.length;
    const entries = text(key)
      .split(",")
      .map((entry) => entry.trim());
    if (errors.length === before && entries.includes("")) fault(key, "holds an empty entry");
    return entries;
  }

  return { errors, fault, text, list, int };
}
