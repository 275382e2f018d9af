/**
 * A job's keys and a config's faults as Kafka Connect's REST gives them (`/connector-plugins/…`).
 */
import { commonKeys } from "./common-keys.ts";
import { type ConfigContext, validateJobConfig } from "./config.ts";
import { keysOf } from "./config-keys.ts";
import { plainText } from "./config-reader.ts";
import { storeOf } from "./connector-classes.ts";
import type { Importance, KeySpec, KeySpecs } from "./key-spec.ts";

/** As Connect's `ConfigKeyInfo`. */
export type ConfigDefinition = {
  readonly name: string;
  readonly type: "STRING" | "LIST" | "INT" | "BOOLEAN" | "PASSWORD";
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: "HIGH" | "MEDIUM" | "LOW";
  readonly documentation: string;
  readonly group: string;
  /** Within its group, from 1 on. */
  readonly order: number;
  readonly display_name: string;
  readonly width: "SHORT" | "MEDIUM" | "LONG";
  readonly dependents: readonly string[];
};

/** As Connect's `ConfigValueInfo`. */
type ConfigValue = {
  readonly name: string;
  readonly value: string | null;
  readonly recommended_values: readonly string[];
  readonly errors: readonly string[];
  readonly visible: boolean;
};

export type ConfigValidation = {
  /** The connector's class. */
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: readonly {
    readonly definition: ConfigDefinition;
    readonly value: ConfigValue;
  }[];
};

const importances = { high: "HIGH", medium: "MEDIUM", low: "LOW" } as const satisfies Record<
  Importance,
  ConfigDefinition["importance"]
>;

/** The keys of a class of connectors; of all connectors when it is none that is here. */
export function describeConfig(className?: string): readonly ConfigDefinition[] {
  const store = className === undefined ? undefined : storeOf(className);
  return define(store === undefined ? commonKeys : keysOf(store));
}

/**
 * `config`: flat, with its `name` and `connector.class` in it. Never throws; all faults at once, by
 * key.
 */
export function validateConnect(
  config: Readonly<Record<string, unknown>>,
  context: ConfigContext,
): ConfigValidation {
  const className = plainText(config["connector.class"]) ?? "";
  const validated = validateJobConfig({ name: config["name"], config }, context);
  const errors = validated.ok ? [] : validated.errors;
  const definitions = [...describeConfig(className)];
  const known = new Set(definitions.map(({ name }) => name));
  for (const { key } of errors) {
    if (!known.has(key)) definitions.push(undefinedKey(key));
    known.add(key);
  }
  return {
    name: className,
    error_count: errors.length,
    groups: [...new Set(definitions.map(({ group }) => group))],
    configs: definitions.map((definition) => {
      const { name } = definition;
      const own = errors.filter(({ key }) => key === name).map(({ message }) => message);
      return { definition, value: connectValue(definition, config, own) };
    }),
  };
}

function connectValue(
  { name, default_value }: ConfigDefinition,
  config: Readonly<Record<string, unknown>>,
  errors: readonly string[],
): ConfigValue {
  const given = Object.hasOwn(config, name) ? config[name] : undefined;
  const value = given === undefined || given === null ? default_value : (plainText(given) ?? null);
  return { name, value, recommended_values: [], errors, visible: true };
}

function define(specs: KeySpecs): readonly ConfigDefinition[] {
  const orders = new Map<string, number>();
  return Object.entries(specs).map(([name, spec]) => {
    const order = (orders.get(spec.group) ?? 0) + 1;
    orders.set(spec.group, order);
    const { fallback } = spec;
    return {
      name,
      type: typeOf(spec),
      required: fallback === undefined,
      default_value: fallback === undefined ? null : String(fallback),
      importance: importances[spec.importance],
      documentation: spec.type === "choice" ? `${spec.doc} One of ${choices(spec.of)}.` : spec.doc,
      group: spec.group,
      order,
      display_name: name,
      width: spec.type === "int" || spec.type === "bool" ? "SHORT" : "MEDIUM",
      dependents: [],
    };
  });
}

function choices(of: readonly string[]): string {
  return of.filter((one) => one !== "").join(", ");
}

function typeOf(spec: KeySpec): ConfigDefinition["type"] {
  switch (spec.type) {
    case "text":
      return spec.secret === true ? "PASSWORD" : "STRING";
    case "choice":
      return "STRING";
    case "list":
      return "LIST";
    case "int":
      return "INT";
    case "bool":
      return "BOOLEAN";
  }
}

/** A key that no table holds: listed so that its fault has a place. */
function undefinedKey(name: string): ConfigDefinition {
  return {
    name,
    type: "STRING",
    required: false,
    default_value: null,
    importance: "LOW",
    documentation: "",
    group: "Common",
    order: 0,
    display_name: name,
    width: "MEDIUM",
    dependents: [],
  };
}
