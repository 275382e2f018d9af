/** The connector classes that are here, their keys, and Connect's validation of a config that nobody starts. */
import type { FastifyInstance } from "fastify";
import { HttpError } from "../../http/http-error.ts";
import { readDraft } from "./config-body.ts";

export type ConnectPlugin = {
  /** As configs name it in `connector.class`. */
  readonly class: string;
  /** Connect's `ConfigKeyInfo`s, served as they are. */
  readonly definitions: () => readonly object[];
};

/** Connect's `ConfigInfos` (`{name, error_count, groups, configs}`), served as they are. */
export type ValidateConfig = (config: Readonly<Record<string, string>>) => object | Promise<object>;

type OfPlugin = { Params: { plugin: string }; Body: unknown };

export function pluginRoutes(
  app: FastifyInstance,
  options: {
    readonly plugins: readonly ConnectPlugin[];
    readonly validate: ValidateConfig;
    readonly version: string;
  },
): void {
  const { plugins, validate, version } = options;
  const requirePlugin = (name: string): ConnectPlugin => {
    const found = plugins.find((plugin) => isNamed(plugin.class, name));
    if (found !== undefined) return found;
    throw new HttpError(404, `Unknown plugin ${name}.`);
  };
  app.get("/connector-plugins", async () => {
    return plugins.map((plugin) => ({ class: plugin.class, type: "sink", version }));
  });
  app.get<OfPlugin>("/connector-plugins/:plugin/config", async ({ params }) => {
    return requirePlugin(params.plugin).definitions();
  });
  app.put<OfPlugin>("/connector-plugins/:plugin/config/validate", async ({ params, body }) => {
    const { plugin } = params;
    requirePlugin(plugin);
    const config = readDraft(body);
    const included = config["connector.class"];
    if (included !== undefined && !isNamed(included, plugin) && !isNamed(plugin, included)) {
      const message = `Included connector type ${included.slice(0, 200)} does not match request`;
      throw new HttpError(400, `${message} type ${plugin}`);
    }
    return validate(config);
  });
}

/** A class has a full name, a short one (after the last dot), and either without `Connector`. */
function isNamed(className: string, name: string): boolean {
  const full = withoutSuffix(className);
  const given = withoutSuffix(name);
  return full === given || full.slice(full.lastIndexOf(".") + 1) === given;
}

function withoutSuffix(name: string): string {
  return name.length > "Connector".length ? name.replace(/Connector$/, "") : name;
}
