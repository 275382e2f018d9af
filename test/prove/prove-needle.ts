/**
 * A needle of every kind in one haystack: one pass of 10^9 readings through the harness's own audit
 * and judgement, with one bad record of each kind planted at a seeded place. Each must be named,
 * and nothing else reported: else exit code 1.
 *   npm run prove:needle [-- --readings 1e9] [--seed 20180301]
 */
import type { Finding } from "../../harness/checks/finding.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { commandLine, wholeNumber } from "../bench/command-line.ts";
import { say } from "../bench/say.ts";
import { columns } from "./columns.ts";
import { fleetOf } from "./fleet-of.ts";
import { isProven, type NeedleResult, needlePass } from "./needle-pass.ts";
import { everyTwoSeconds } from "./progress.ts";

/**
 * Two seconds: 300 readings a window, so that the ledger's rows of 10^9 readings stay small beside
 * the machine.
 */
const everyMs = 2_000;

const values = commandLine(import.meta.filename, {
  readings: { type: "string", default: "1e9" },
  seed: { type: "string", default: "20180301" },
});
const readings = wholeNumber("readings", values.readings, 1e5, 1e10);
const seed = wholeNumber("seed", values.seed, 0, 2 ** 32 - 1);
const fleet = fleetOf(readings, everyMs, seed);
say(`${readings.toLocaleString("en")} readings of ${fleet.plan.devices} devices, seed ${seed}`);
const result = await needlePass({ fleet, seed, clock, onProgress: everyTwoSeconds(clock) });
print(result);
if (!isProven(result)) process.exitCode = 1;

function print({
  named: whole,
  unseen,
  missed,
  unexplained,
  unnamed,
  canary,
  ...pass
}: NeedleResult): void {
  const named = [...whole, ...unseen];
  const lines = named.map(({ needle, finding }) => {
    const { expected, name } = needle;
    if (expected === undefined) return [name, "none", "nothing, and rightly", ""];
    const found = finding === undefined ? "MISSED" : `named ${finding.class}`;
    return [name, expected.class, found, placeOf(finding ?? expected)];
  });
  const unreached = missed.filter((name) => !named.some(({ needle }) => needle.name === name));
  for (const name of unreached) lines.push([name, "", "MISSED: the log never came to it", ""]);
  console.log(columns([["needle", "class", "the judgement", "where"], ...lines]));
  for (const finding of unexplained) {
    console.log(`reported without a needle: ${finding.class} ${placeOf(finding)} ${finding.found}`);
  }
  if (unnamed > 0) console.log(`${unnamed} more findings were counted and not named`);
  const planted = named.filter(({ needle }) => needle.expected !== undefined).length;
  const caught = named.filter(({ finding }) => finding !== undefined).length;
  const reported = unexplained.length + unnamed;
  console.log(
    `${caught} of ${planted + unreached.length} needles named in ` +
      `${pass.records.toLocaleString("en")} records, ${reported} reported without one; ` +
      `canary ${canary.caught} of ${canary.planted}; ` +
      `verdict after ${(pass.verdictMs / 1000).toFixed(1)} s`,
  );
}

function placeOf(finding: Partial<Finding>): string {
  const { device, boot, seq, window, topic, partition, offset, store, key } = finding;
  const at =
    partition === undefined ? "" : `-${partition}${offset === undefined ? "" : ` @${offset}`}`;
  const parts = [
    device,
    boot === undefined ? "" : `boot ${boot}`,
    seq === undefined ? "" : `seq ${seq}`,
    window === undefined ? "" : new Date(window).toISOString(),
    topic === undefined ? store : `${topic}${at}`,
    key,
  ];
  return parts.filter(Boolean).join(" ");
}
