/**
 * The index template that AUTOCREATE puts: it matches the target's own indices and nothing else. Fields of
 * an aggregate get their exact type, wherever the projection puts them; other strings become keywords.
 * Template and indices carry the job's name in their mapping's `_meta`: they are known by it as the job's own.
 */
import { suffixWildcard } from "../../kcql/index-suffix.ts";
import { isJsonObject, type JsonObject } from "../../kcql/path.ts";
import type { Statement } from "../../kcql/statement.ts";
import { plannedProperties } from "./planned-properties.ts";
import type { ElasticsearchSettings } from "./settings.ts";

/**
 * Above the templates that come with Elasticsearch (100). The longer pattern has the higher one: `temps-*` matches the
 * indices of `temps-by-home-*`, too, and Elasticsearch refuses that for two templates of one priority.
 */
const lowestPriority = 500;

export function indexTemplateName(statement: Statement): string {
  return `${statement.target}-fleetproof`;
}

export function indexTemplate(
  statement: Statement,
  { shards, replicas, job }: Pick<ElasticsearchSettings, "shards" | "replicas" | "job">,
): object {
  const pattern = statement.target + suffixWildcard(statement.indexSuffix ?? "");
  return {
    index_patterns: [pattern],
    priority: lowestPriority + pattern.length,
    template: {
      settings: {
        number_of_shards: shards,
        number_of_replicas: replicas,
        // Said outright, so that an index nobody searches is refreshed all the same: what was written
        // becomes visible after a second, not at the first search after it.
        refresh_interval: "1s",
      },
      mappings: {
        _meta: { fleetproof: { job } },
        dynamic_templates: [
          { strings: { match_mapping_type: "string", mapping: { type: "keyword" } } },
        ],
        properties: plannedProperties(statement),
      },
    },
  };
}

/** The job that made an index, from its mapping; undefined when the mapping names none. */
export function ownerOf(mapping: JsonObject | undefined): string | undefined {
  const meta = objectAt(mapping, "_meta");
  const job = objectAt(meta, "fleetproof")?.["job"];
  return typeof job === "string" ? job : undefined;
}

/** The object that `name` holds, if it does. */
export function objectAt(value: JsonObject | undefined, name: string): JsonObject | undefined {
  const held = value?.[name];
  return isJsonObject(held) ? held : undefined;
}
