/** Jobs made, changed and deleted over REST: checked first, then written to the topics. */
import { checkJob } from "./check-job.ts";
import { keys, targetValue } from "./cluster-records.ts";
import { type ConnectorInfo, type Herder, HerderError } from "./herder.ts";
import {
  assertReady,
  faultLines,
  type HerderParts,
  knownConfig,
  knownInfo,
} from "./herder-parts.ts";

/** Larger than any config a person writes, and smaller than what a broker takes. */
const configBytesMax = 256 * 1024;
const configKeysMax = 500;

type Config = Readonly<Record<string, string>>;

export function changeConfigs(
  parts: HerderParts,
): Pick<Herder, "create" | "putConfig" | "patchConfig" | "delete"> {
  const { view, put } = parts;

  async function publish(
    name: string,
    config: Config,
  ): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }> {
    const properties = await checked(parts, name, config);
    const before = view.configs.get(name);
    // What came from a file stays of that file: only when the file itself changes does it win.
    const { group, source } = before ?? { group: parts.group, source: { kind: "rest" } };
    if (before === undefined) await put.target(keys.target(name), targetValue("RUNNING"));
    await put.config(keys.config(name), { properties, group, source });
    return { created: before === undefined, info: knownInfo(parts, name) };
  }

  return {
    create: async (name, config, initial) => {
      assertReady(parts);
      if (view.configs.has(name)) {
        throw new HerderError("exists", `Connector ${name} already exists`);
      }
      const properties = await checked(parts, name, config);
      await put.target(keys.target(name), targetValue(initial));
      const record = { properties, group: parts.group, source: { kind: "rest" } };
      await put.config(keys.config(name), record);
      return knownInfo(parts, name);
    },
    putConfig: async (name, config) => {
      assertReady(parts);
      return publish(name, config);
    },
    patchConfig: async (name, patch) => {
      const config: Record<string, string> = { ...knownConfig(parts, name).properties };
      for (const [key, value] of Object.entries(patch)) {
        if (value === null) delete config[key];
        else config[key] = value;
      }
      return (await publish(name, config)).info;
    },
    delete: async (name) => {
      knownConfig(parts, name);
      const topics = [...(view.topics.get(name) ?? [])];
      const tasks = [...(view.tasks.get(name)?.keys() ?? [])];
      await put.config(keys.config(name), null);
      await put.target(keys.target(name), null);
      for (const topic of topics) await put.status(keys.topic(name, topic), null);
      for (const task of tasks) await put.status(keys.taskStatus(name, task), null);
      await put.status(keys.jobStatus(name), null);
    },
  };
}

/** The config as it may be published. Errors: `HerderError` of code `invalid`. */
async function checked(parts: HerderParts, name: string, config: Config): Promise<Config> {
  const given = config["name"];
  if (given !== undefined && given !== name) {
    const shown = JSON.stringify(given.slice(0, 200));
    throw new HerderError("invalid", `The config's name is ${shown}, the connector's '${name}'.`);
  }
  const properties = { ...config, name };
  const size = Buffer.byteLength(JSON.stringify(properties));
  if (size > configBytesMax || Object.keys(properties).length > configKeysMax) {
    const limits = `${configBytesMax} bytes or ${configKeysMax} keys`;
    throw new HerderError("invalid", `The config is larger than ${limits}.`);
  }
  const result = await checkJob({ name, config: properties }, parts.checks);
  if (!result.ok) {
    const message =
      `Connector configuration is invalid and contains the following ${result.errors.length} ` +
      `error(s):\n${faultLines(result.errors).join("\n")}`;
    throw new HerderError("invalid", message);
  }
  if (result.config.name !== name) {
    throw new HerderError("invalid", `The name must be given as it is, without \${…}.`);
  }
  return properties;
}
