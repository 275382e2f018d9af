/** The observer process: reads the topics while they flow, keeps the audit, writes the facts at the end. */
import type { PlanOptions } from "../../simulator/plan.ts";
import type { RunRecord } from "../facts/run-record.ts";
import type {
  FirstRevisions,
  FromObserver,
  ObserverConfig,
  ObserverProgress,
  ToObserver,
} from "../observe/start-observer-protocol.ts";
import { entryFiles } from "./entry-file.ts";
import type { ProcessSlots } from "./process-slots.ts";
import type { RunFolder } from "./run-folder.ts";

export type Observer = {
  readonly progress: () => ObserverProgress | undefined;
  readonly cut: (atEventMs: number) => void;
  /** Resolves when the facts are written: whether every topic was read to its end. */
  readonly finish: (withinMs: number) => Promise<boolean>;
};

/** How far it has read; nothing when it never told. */
export function readToOf({ progress }: Pick<Observer, "progress">): Pick<RunRecord, "readTo"> {
  const last = progress();
  return last === undefined ? {} : { readTo: { raw: last.raw, aggregated: last.aggregated } };
}

/** Below generator and broker, above jobs and stores: a late look would be counted as a late pipeline. */
const observerNice = 3;
const observerName = "observer-0";

export async function startObserver(options: {
  readonly bootstrap: string;
  readonly plan: PlanOptions;
  readonly topics: ObserverConfig["topics"];
  readonly span: number;
  readonly folder: RunFolder;
  readonly slots: ProcessSlots;
  readonly onFirstRevisions: (revisions: readonly FirstRevisions[]) => void;
  /** Of a run that is over: where its raw topic ended, by partition. */
  readonly until?: readonly number[];
}): Promise<Observer> {
  const { bootstrap, plan, topics, span, folder, slots, onFirstRevisions, until } = options;
  const config: ObserverConfig = {
    bootstrap,
    plan,
    span,
    digestKey: [0, 0],
    topics: { raw: topics.raw, aggregated: topics.aggregated, rejected: topics.rejected },
    folder: folder.factsFolder,
    ...(until === undefined ? {} : { until }),
  };
  const process = await slots.start({
    name: observerName,
    entry: entryFiles.observer,
    args: [folder.writeConfig("observer.json", config)],
    logFile: folder.log(observerName),
    nice: observerNice,
  });
  let latest: ObserverProgress | undefined;
  const done = Promise.withResolvers<boolean>();
  done.promise.catch(() => undefined); // Seen by `finish`; a run that ends earlier does not wait for it.
  process.onMessage((message) => {
    const report = message as FromObserver;
    if (report.type === "progress") {
      latest = report;
      onFirstRevisions(report.firstRevisions);
    } else if (report.type === "done") done.resolve(report.reachedEnd);
    else if (report.type === "failed") done.reject(observerFailed(report.message));
  });
  void process.exited.then(() => done.reject(observerFailed("it ended before it was done")));
  const tell = (message: ToObserver): void => void process.send(message);
  return {
    progress: () => latest,
    cut: (atEventMs) => tell({ type: "cut", atEventMs }),
    async finish(withinMs) {
      slots.expectEnd(observerName);
      tell({ type: "finish", withinMs });
      const reachedEnd = await done.promise;
      await process.exited;
      return reachedEnd;
    },
  };
}

function observerFailed(why: string): Error {
  return new Error(`The observer failed: ${why}. What it saw so far cannot be judged.`);
}
