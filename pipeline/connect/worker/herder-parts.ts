/** What the herder's answers are made of, and the looks at a job that all of them begin with. */
import type { Clock } from "../../clock.ts";
import type { Kafka } from "../../kafka/port.ts";
import { type ConfigContext, validateJobConfig } from "../config/config.ts";
import type { ConfigError } from "../config/config-reader.ts";
import type { JobConfig } from "../config/job-config.ts";
import type { JobChecks } from "./check-job.ts";
import type { ConfigRecord } from "./cluster-records.ts";
import type { ClusterView } from "./cluster-view.ts";
import { type ConnectorInfo, type ConnectorStatus, HerderError, type LocalTask } from "./herder.ts";
import { infoOf, type OwnTask, statusOf, type Viewpoint } from "./job-status.ts";

/** Resolves when this worker has read the record back. Errors: `KafkaError`. */
export type Put = (key: string, value: object | null) => Promise<void>;

export type HerderParts = {
  readonly workerId: string;
  readonly group: string;
  readonly view: ClusterView;
  readonly isReady: () => boolean;
  readonly put: { readonly config: Put; readonly target: Put; readonly status: Put };
  readonly kafka: Pick<Kafka, "groups" | "log" | "topics">;
  readonly clock: Clock;
  readonly context: ConfigContext;
  readonly checks: JobChecks;
  readonly localTasks: () => readonly LocalTask[];
  readonly ownTasks: (job: string) => readonly OwnTask[];
};

/** Errors: `HerderError` of code `not-ready`. */
export function assertReady({ isReady }: HerderParts): void {
  if (isReady()) return;
  throw new HerderError("not-ready", "This worker still reads its topics: ask again.");
}

/** Errors: `HerderError` of code `not-ready` or `not-found`. */
export function knownConfig(parts: HerderParts, name: string): ConfigRecord {
  assertReady(parts);
  const config = parts.view.configs.get(name);
  if (config === undefined) throw new HerderError("not-found", `Connector ${name} not found.`);
  return config;
}

/** Errors: as `knownConfig`. */
export function knownInfo(parts: HerderParts, name: string): ConnectorInfo {
  knownConfig(parts, name);
  return infoOf(parts.view, name, viewpoint(parts, name));
}

/** Errors: as `knownConfig`. */
export function knownStatus(parts: HerderParts, name: string): ConnectorStatus {
  knownConfig(parts, name);
  return statusOf(parts.view, name, viewpoint(parts, name));
}

/** Errors: as `knownConfig`, and `invalid` when this worker cannot make sense of the config. */
export function readableConfig(parts: HerderParts, name: string): JobConfig {
  const { properties, group } = knownConfig(parts, name);
  const validated = validateJobConfig({ name, config: properties }, parts.context);
  if (validated.ok) return validated.config;
  const message =
    `This worker cannot read the config of ${name} (${faultLines(validated.errors).join("; ")}). ` +
    `Ask a worker of the group ${group}, which runs it.`;
  throw new HerderError("invalid", message);
}

export function faultLines(errors: readonly ConfigError[]): readonly string[] {
  return errors.map(({ key, message }) => `${key} ${message}`.trim());
}

function viewpoint({ workerId, clock, ownTasks }: HerderParts, name: string): Viewpoint {
  return { workerId, nowMs: clock.monotonicMs(), own: ownTasks(name) };
}
