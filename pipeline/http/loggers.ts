/**
 * Loggers by name, whose levels can be changed while the process runs: log4j's words and Connect's `/admin/loggers`
 * over pino. A level holds for the logger and for those whose names go on from it after a dot; `root` for all.
 */
import type { Logger as PinoLogger } from "pino";
import type { Clock } from "../clock.ts";

const pinoLevels = {
  OFF: "silent",
  FATAL: "fatal",
  ERROR: "error",
  WARN: "warn",
  INFO: "info",
  DEBUG: "debug",
  TRACE: "trace",
} as const;

export type LogLevel = keyof typeof pinoLevels;

type LoggerLevel = {
  readonly level: LogLevel;
  /** Epoch milliseconds; null: never changed. */
  readonly last_modified: number | null;
};

export type Loggers = {
  /** The logger of that name; made at the first call, with the level of its nearest ancestor. */
  readonly named: (name: string) => PinoLogger;
  /** By name, sorted. */
  readonly levels: () => Readonly<Record<string, LoggerLevel>>;
  readonly level: (name: string) => LoggerLevel | undefined;
  /** The names whose levels were set, sorted; none if there is no such logger. Takes effect at once. */
  readonly setLevel: (name: string, level: LogLevel) => readonly string[];
};

type Named = { readonly logger: PinoLogger; lastModified: number | null };

/** `root` is the logger of the process. */
export function createLoggers(root: PinoLogger, clock: Clock): Loggers {
  const all = new Map<string, Named>([["root", { logger: root, lastModified: null }]]);

  const ancestor = (name: string): Named => {
    const dot = name.lastIndexOf(".");
    if (dot === -1) return all.get("root") as Named;
    const parent = name.slice(0, dot);
    return all.get(parent) ?? ancestor(parent);
  };
  const named = (name: string): PinoLogger => {
    const known = all.get(name);
    if (known !== undefined) return known.logger;
    const { logger, lastModified } = ancestor(name);
    const child = root.child({ logger: name }, { level: logger.level });
    all.set(name, { logger: child, lastModified });
    return child;
  };
  const level = (name: string): LoggerLevel | undefined => {
    const one = all.get(name);
    return one && { level: levelOf(one.logger), last_modified: one.lastModified };
  };
  const setLevel = (name: string, to: LogLevel): readonly string[] => {
    if (!all.has(name)) return [];
    const names = [...all.keys()].filter(
      (one) => name === "root" || one === name || one.startsWith(`${name}.`),
    );
    for (const one of names) {
      const entry = all.get(one) as Named;
      entry.logger.level = pinoLevels[to];
      entry.lastModified = Math.round(clock.now());
    }
    return names.sort();
  };
  const levels = (): Record<string, LoggerLevel> =>
    Object.fromEntries([...all.keys()].sort().map((name) => [name, level(name) as LoggerLevel]));
  return { named, levels, level, setLevel };
}

/** log4j's names, in any case; undefined for another word. */
export function parseLevel(word: string): LogLevel | undefined {
  const upper = word.toUpperCase();
  return Object.hasOwn(pinoLevels, upper) ? (upper as LogLevel) : undefined;
}

function levelOf(logger: PinoLogger): LogLevel {
  const found = Object.entries(pinoLevels).find(([, pino]) => pino === logger.level);
  return (found?.[0] ?? "INFO") as LogLevel;
}
