/** What `start-job` is told on its command line, checked. Pure. */
import { parseArgs } from "node:util";
import { type Clock, type ClockScale, scaledClock } from "./clock.ts";
import { clusterPattern } from "./connect/worker/topic-names.ts";

export type StartOptions = {
  readonly kind: "aggregator" | "connect";
  /** One, or for `connect` more. */
  readonly files: readonly string[];
  readonly action: "run" | "check" | "due";
  /** Empty only where no broker is needed. */
  readonly bootstrap: string;
  readonly slot: number;
  readonly cluster: string;
  readonly group: string | undefined;
  readonly listen: string | undefined;
  readonly clock: ClockScale | undefined;
  readonly variables: Readonly<Record<string, string>>;
};

export type ParsedStart =
  | { readonly ok: true; readonly options: StartOptions }
  | { readonly ok: false; readonly message: string };

const flags = {
  bootstrap: { type: "string" },
  slot: { type: "string", default: "0" },
  cluster: { type: "string", default: "fleetproof" },
  group: { type: "string" },
  listen: { type: "string" },
  /** `{"origin": wall ms, "start": event ms, "scale": n}`, for TTL and retirement. */
  clock: { type: "string" },
  set: { type: "string", multiple: true },
  check: { type: "boolean", default: false },
  due: { type: "boolean", default: false },
} as const;

/** Instance ids and transactional ids hold it; nobody runs more. */
const slotMax = 99_999;

/** `args`: without the interpreter and the script. */
export function parseStart(args: readonly string[]): ParsedStart {
  try {
    return { ok: true, options: read(args) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The clock of the job: `inner` plays faster or slower when a scale is given. */
export function jobClock(inner: Clock, scale: ClockScale | undefined): Clock {
  return scale === undefined ? inner : scaledClock(inner, scale);
}

function read(args: readonly string[]): StartOptions {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: flags,
  });
  const [kind, ...files] = positionals;
  if (kind !== "aggregator" && kind !== "connect") {
    throw new Error("say what to start: 'aggregator' or 'connect'");
  }
  if (files.length === 0) throw new Error(`'${kind}' needs a config file`);
  if (kind === "aggregator" && files.length > 1) throw new Error("'aggregator' takes one file");
  const action = values.check ? "check" : values.due ? "due" : "run";
  if (action !== "run" && kind === "aggregator") throw new Error(`--${action} is for 'connect'`);
  if (action === "run" && !values.bootstrap) throw new Error("--bootstrap HOST:PORT is missing");
  if (!clusterPattern.test(values.cluster)) {
    throw new Error("--cluster must be 1 to 200 of letters, digits, '.', '_' and '-'");
  }
  if (values.group !== undefined && !clusterPattern.test(values.group)) {
    throw new Error("--group must be 1 to 200 of letters, digits, '.', '_' and '-'");
  }
  return {
    kind,
    files,
    action,
    bootstrap: values.bootstrap ?? "",
    slot: readSlot(values.slot),
    cluster: values.cluster,
    group: values.group,
    listen: values.listen,
    clock: values.clock === undefined ? undefined : readClock(values.clock),
    variables: readVariables(values.set ?? []),
  };
}

function readSlot(text: string): number {
  const slot = Number(text);
  if (/^\d{1,5}$/.test(text) && slot <= slotMax) return slot;
  throw new Error(`--slot must be an integer from 0 to ${slotMax}, not '${text}'`);
}

function readClock(text: string): ClockScale {
  const scale = JSON.parse(text) as Partial<ClockScale> | null;
  const { origin, start, scale: speed } = scale ?? {};
  const numbers = [origin, start, speed];
  if (numbers.every((one) => Number.isFinite(one)) && (speed as number) > 0) {
    return scale as ClockScale;
  }
  throw new Error('--clock must be {"origin": ms, "start": ms, "scale": above 0}');
}

function readVariables(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new Error(`--set must be NAME=VALUE, not '${text}'`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
