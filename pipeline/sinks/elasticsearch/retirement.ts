/** Closes or deletes what `retirement-plan.ts` finds due, one index after the other. */
import { type RetirableIndex, type Retirement, SinkError } from "../sink.ts";
import type { ElasticsearchApi, ListedIndex } from "./api.ts";
import { asSinkError } from "./api-fault.ts";
import type { IndexNames } from "./index-names.ts";
import { dueIndices } from "./retirement-plan.ts";
import type { RetirementSettings } from "./settings.ts";

export function createRetirement(options: {
  readonly api: ElasticsearchApi;
  readonly names: readonly IndexNames[];
  readonly job: string;
  readonly retirement: RetirementSettings;
  readonly now: () => number;
}): Retirement {
  const { api, names, job, retirement, now } = options;

  async function due(signal: AbortSignal): Promise<readonly RetirableIndex[]> {
    const listed: ListedIndex[] = [];
    try {
      for (const pattern of new Set(names.map((one) => one.pattern))) {
        listed.push(...(await api.listIndices(pattern, signal)));
      }
    } catch (cause) {
      throw asSinkError("the indices that are past their days cannot be listed", cause);
    }
    return dueIndices(listed, { names, job, retirement, nowMs: now() });
  }

  /** One that fails does not keep the others. */
  async function retire(signal: AbortSignal): Promise<readonly RetirableIndex[]> {
    const done: RetirableIndex[] = [];
    const faults: SinkError[] = [];
    for (const one of await due(signal)) {
      try {
        if (retirement.action === "close") await api.closeIndex(one.index, signal);
        else await api.deleteIndex(one.index, signal);
        done.push(one);
      } catch (cause) {
        faults.push(asSinkError(`cannot ${retirement.action} ${one.index}`, cause));
      }
    }
    if (faults.length > 0) throw severalFaults(faults, done.length);
    return done;
  }

  return { due, retire };
}

function severalFaults(faults: readonly SinkError[], done: number): SinkError {
  const code = faults.every((fault) => fault.code === "unavailable") ? "unavailable" : "refused";
  const message = faults.map((fault) => fault.message).join("; ");
  return new SinkError(code, `${done} indices were retired, ${faults.length} not: ${message}`, {
    cause: faults[0],
  });
}
