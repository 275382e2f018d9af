/**
 * The progress of a run: a few lines redrawn in place on a terminal, plain lines elsewhere (each
 * phase one, and one every ten seconds), so that a CI log stays readable. The lines are pure; the
 * shell only writes.
 */
import type { Clock } from "../../simulator/clock.ts";
import { type LiveState, phases } from "./live-state.ts";
import { columns, cutTo, grouped, harmless, type Ink, shortMs } from "./terminal-text.ts";

const barLength = 20;

/** The lines of a terminal `width` characters wide. */
export function renderLive(state: LiveState, width: number): string[] {
  const { scenario, run, phase, share, doing, elapsedMs, stages, activeFault, violations } = state;
  const steps = phases.map((name) => (name === phase ? `[${name}]` : name)).join(" › ");
  const done = Math.round(Math.min(1, Math.max(0, share ?? 0)) * barLength);
  const percent = `${Math.round((share ?? 0) * 100)}%`;
  const bar = `${"█".repeat(done)}${"░".repeat(barLength - done)} ${percent}`;
  const head = ["", "total", "/s", "lag", "p99"];
  const rows = stages.map(({ name, total, perSecond, lag, p99Ms }) => [
    name,
    grouped(total),
    grouped(perSecond),
    lag === undefined ? "" : grouped(lag),
    p99Ms === undefined ? "" : shortMs(p99Ms),
  ]);
  const lines = [
    `${scenario}  run ${run}  ${clockText(elapsedMs)}`,
    steps,
    `${share === undefined ? "" : `${bar}  `}${doing ?? ""}`,
    ...(rows.length === 0 ? [] : columns([head, ...rows])),
    activeFault === undefined ? "" : `fault: ${activeFault}`,
    violations === 0 ? "" : `violations so far: ${grouped(violations)}`,
  ];
  return lines.map((line) => cutTo(harmless(line).trimEnd(), width)).filter((line) => line !== "");
}

/** The same in one line, for logs. */
export function renderPlain(state: LiveState): string {
  const { phase, share, doing, elapsedMs, stages, activeFault, violations } = state;
  const parts = [clockText(elapsedMs), phase];
  if (share !== undefined) parts.push(`${Math.round(share * 100)}%`);
  if (doing !== undefined) parts.push(doing);
  for (const { name, perSecond, lag, p99Ms } of stages) {
    const behind = lag === undefined ? "" : ` lag ${grouped(lag)}`;
    const latency = p99Ms === undefined ? "" : ` p99 ${shortMs(p99Ms)}`;
    parts.push(`${name} ${grouped(perSecond)}/s${behind}${latency}`);
  }
  if (activeFault !== undefined) parts.push(`fault ${activeFault}`);
  if (violations > 0) parts.push(`violations ${grouped(violations)}`);
  return harmless(parts.join("  "));
}

/** `2:05`. */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export type Terminal = {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  readonly width: () => number;
};

export type LiveView = {
  /** Shows it when it is due; a new phase is always shown. */
  readonly update: (state: LiveState) => void;
  /** A line that stays, above the redrawn ones. */
  readonly say: (line: string) => void;
  /** Takes the redrawn lines away. */
  readonly close: () => void;
};

const redrawMs = 333;
const plainEveryMs = 10_000;

export function openLiveView(terminal: Terminal, ink: Ink, clock: Clock): LiveView {
  let drawn = 0;
  let lastPhase: string | undefined;
  let lastDoing: string | undefined;
  let lastAtMs = Number.NEGATIVE_INFINITY;

  const erase = (): void => {
    // Up to the first of our own lines, and everything from there on goes.
    if (drawn > 0) terminal.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };

  return {
    update(state) {
      const now = clock.monotonicMs();
      const isNew = state.phase !== lastPhase || (terminal.isTTY && state.doing !== lastDoing);
      if (!isNew && now - lastAtMs < (terminal.isTTY ? redrawMs : plainEveryMs)) return;
      lastAtMs = now;
      lastPhase = state.phase;
      lastDoing = state.doing;
      if (!terminal.isTTY) {
        terminal.write(`${renderPlain(state)}\n`);
        return;
      }
      const [head = "", ...rest] = renderLive(state, terminal.width());
      erase();
      terminal.write(`${[ink.bold(head), ...rest].join("\n")}\n`);
      drawn = rest.length + 1;
    },
    say(line) {
      erase();
      terminal.write(`${harmless(line)}\n`);
    },
    close: erase,
  };
}
