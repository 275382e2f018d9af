/**
 * The index template that AUTOCREATE puts: it matches the target's own indices and nothing else. Fields of
 * an aggregate get their exact type, wherever the projection puts them; other strings become keywords.
 */
import { suffixWildcard } from "../../kcql/index-suffix.ts";
import { type Path, type Statement, selectsAll } from "../../kcql/statement.ts";
import { type FieldKind, fieldKinds, targetFields } from "../field-kinds.ts";
import type { ElasticsearchSettings } from "./settings.ts";

type Mapping = { readonly type: string; readonly format?: string };
type Properties = { [name: string]: Mapping | { properties: Properties } };

const mappings: Readonly<Record<FieldKind, Mapping>> = {
  text: { type: "keyword" },
  day: { type: "keyword" },
  "epoch-ms": { type: "date", format: "epoch_millis" },
  int: { type: "integer" },
  long: { type: "long" },
  double: { type: "double" },
};

/** Above the templates that come with Elasticsearch (100). */
const priority = 500;

export function indexTemplateName(statement: Statement): string {
  return `${statement.target}-fleetproof`;
}

export function indexTemplate(
  statement: Statement,
  { shards, replicas }: Pick<ElasticsearchSettings, "shards" | "replicas">,
): object {
  return {
    index_patterns: [statement.target + suffixWildcard(statement.indexSuffix ?? "")],
    priority,
    template: {
      settings: {
        number_of_shards: shards,
        number_of_replicas: replicas,
        // Said outright, so that an index nobody searches is refreshed all the same: what was written
        // becomes visible after a second, not at the first search after it.
        refresh_interval: "1s",
      },
      mappings: {
        dynamic_templates: [
          { strings: { match_mapping_type: "string", mapping: { type: "keyword" } } },
        ],
        properties: properties(statement),
      },
    },
  };
}

function properties({ columns }: Statement): Properties {
  const into: Properties = {};
  if (selectsAll(columns)) {
    for (const [name, kind] of Object.entries(fieldKinds))
      place(into, name.split("."), mappings[kind]);
    return into;
  }
  for (const { name, kind } of targetFields(columns)) {
    if (kind !== undefined) into[name] = mappings[kind];
  }
  return into;
}

function place(into: Properties, path: Path, mapping: Mapping): void {
  const [name, ...rest] = path;
  if (rest.length === 0) {
    into[name!] = mapping;
    return;
  }
  into[name!] ??= { properties: {} };
  const child = into[name!];
  if (child !== undefined && "properties" in child) place(child.properties, rest, mapping);
}
