/** The ports of a verification on this machine: the run folder on disk, kept stacks, the clock. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../simulator/clock.ts";
import { inspectRunFolder } from "../facts/manifest.ts";
import { readRunFacts, readRunRecord } from "../facts/run-facts.ts";
import type { Registry } from "../process/registry.ts";
import { createRunFolder } from "../run/run-folder.ts";
import type { Home } from "../stack/home.ts";
import { openStack } from "../stack/open-stack.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { StackError } from "../stack/stack-error.ts";
import { lookAgain } from "./look-again.ts";
import type { VerifyPorts } from "./verify-run.ts";

export function verifyPorts(options: {
  /** The run folder. */
  readonly root: string;
  /** `verify-1`, …: where new facts go. */
  readonly name: string;
  readonly home: Home;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): VerifyPorts {
  const { root, name, registry, clock, signal, say } = options;
  const recorded = join(root, "facts");
  return {
    say,
    inspect: () => inspectRunFolder(root),
    readRecord: () => readRunRecord(recorded),
    readFacts: () => readRunFacts(recorded),
    async look(stackName, record) {
      await using stack = openAny(stackName, options);
      if (stack === undefined || stack.id !== record.stackId) return undefined;
      const makeFolder = () => createRunFolder(root, name);
      return await lookAgain({ record, stack, recorded, makeFolder, registry, clock, signal, say });
    },
  };
}

/** Undefined when no stack of that name is kept any more. Errors: `StackError` for a broken one. */
function openAny(
  name: string,
  local: { readonly home: Home; readonly clock: Clock },
): RunningStack | undefined {
  try {
    return openStack(name, local);
  } catch (error) {
    if (error instanceof StackError && error.code === "no-such-stack") return undefined;
    throw error;
  }
}

/** `verify-1`, or one more than the highest that the folder has. */
export function nextVerifyName(root: string): string {
  const numbers = readdirSync(root).map((entry) => /^verify-(\d+)(?:\.json)?$/.exec(entry)?.[1]);
  return `verify-${Math.max(0, ...numbers.map((text) => Number(text ?? 0))) + 1}`;
}
