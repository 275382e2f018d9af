/**
 * What a job checks and makes before its first write: that nobody else owns the template and the indices it would
 * write to, that their mappings take its documents, that its ingest pipeline is there; then its own template.
 */
import type { Statement } from "../../kcql/statement.ts";
import { SinkError } from "../sink.ts";
import type { ElasticsearchApi } from "./api.ts";
import { asSinkError } from "./api-fault.ts";
import type { IndexNames } from "./index-names.ts";
import { indexTemplate, indexTemplateName, objectAt, ownerOf } from "./index-template.ts";
import { mappingConflict } from "./mapping-conflict.ts";
import { plannedProperties } from "./planned-properties.ts";
import type { ElasticsearchSettings } from "./settings.ts";

export type OpenOptions = {
  readonly api: ElasticsearchApi;
  readonly settings: ElasticsearchSettings;
  readonly statement: Statement;
  readonly names: IndexNames;
  /** Indices that hold nothing later are not written to any more; epoch milliseconds. */
  readonly pastMs: number;
  readonly signal: AbortSignal;
};

/** Errors: `SinkError`. */
export async function openIndices(options: OpenOptions): Promise<void> {
  const { statement, api, settings, signal } = options;
  try {
    await checkPipeline(options);
    await checkIndices(options);
    if (!statement.autoCreate) return;
    await checkTemplate(options);
    const template = indexTemplate(statement, settings);
    await api.putIndexTemplate(indexTemplateName(statement), template, signal);
  } catch (cause) {
    throw asSinkError(`the indices of ${statement.target} cannot be opened`, cause);
  }
}

async function checkPipeline({ api, statement, signal }: OpenOptions): Promise<void> {
  const { pipeline } = statement;
  if (pipeline === undefined || (await api.hasPipeline(pipeline, signal))) return;
  throw new SinkError(
    "refused",
    `WITHPIPELINE names the ingest pipeline '${pipeline}', and Elasticsearch has none of that name: make it first`,
  );
}

/** Only those that the statement would still write to: what lies in the others is nobody's worry any more. */
async function checkIndices(options: OpenOptions): Promise<void> {
  const { api, settings, statement, names, pastMs, signal } = options;
  const planned = plannedProperties(statement);
  for (const [index, mapping] of await api.readMappings(names.pattern, signal)) {
    const place = names.read(index);
    if (place === undefined || place.endMs <= pastMs) continue;
    const owner = ownerOf(mapping);
    if (statement.autoCreate && owner !== undefined && owner !== settings.job) {
      throw new SinkError("refused", ownerSentence(`the index ${index}`, owner, settings.job));
    }
    const conflict = mappingConflict(mapping, planned);
    if (conflict === undefined) continue;
    const mend = "write to another target, or reindex and delete that index";
    throw new SinkError("refused", `the mapping of ${index} conflicts: ${conflict}; ${mend}`);
  }
}

async function checkTemplate({ api, settings, statement, signal }: OpenOptions): Promise<void> {
  const name = indexTemplateName(statement);
  const found = await api.readTemplate(name, signal);
  if (found === undefined) return;
  const owner = ownerOf(objectAt(objectAt(found, "template"), "mappings"));
  if (owner === settings.job) return;
  throw new SinkError("refused", ownerSentence(`the index template ${name}`, owner, settings.job));
}

function ownerSentence(what: string, owner: string | undefined, job: string): string {
  const whose = owner === undefined ? "was not made by a job" : `belongs to the job '${owner}'`;
  return `${what} ${whose}: give '${job}' another target, or delete it if nobody needs it`;
}
