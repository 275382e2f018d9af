/** What a run has started, seen from outside: the process groups on its record, and whether they are still there. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { processTable } from "../../harness/process/process-table.ts";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import type { Command } from "./run-command.ts";
import { until } from "./until.ts";

const registry = registryOf(homeOf(process.env), console.warn);

/** Group ids of everything that this harness has started and that is on record. */
export function groupsOf({ process: harness }: Pick<Command, "process">): readonly number[] {
  return registry
    .list()
    .flatMap((record) =>
      record.kind === "process" && record.owner.pid === harness.pid && record.process !== undefined
        ? [record.process.pid]
        : [],
    );
}

/** Those of the groups that have a living process. */
export function alive(groups: readonly number[]): readonly number[] {
  return groups.filter((group) => processTable.group(group).length > 0);
}

export function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8");
}

/** Until readings of the run have been acknowledged: it is in mid-load. */
export async function untilReadingsAcked({
  out,
  output,
  process: harness,
}: Command): Promise<void> {
  await until(() => {
    if (harness.exitCode !== null) throw new Error(`It ended before its load:\n${output()}`);
    return readdirSync(out).some((run) => hasAcks(join(out, run, "facts")));
  }, "acknowledged readings");
}

function hasAcks(facts: string): boolean {
  const files = existsSync(facts) ? readdirSync(facts) : [];
  return files.some((file) => /^acks/.test(file) && statSync(join(facts, file)).size > 0);
}
