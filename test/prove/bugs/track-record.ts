/**
 * The track record as Markdown: what was planted, where it comes from, what brought it out, what
 * was said of it.
 */
import type { BugCase } from "./bug-case.ts";
import { type CaseResult, isProven } from "./case-result.ts";

/** A case and what came of it, with its own bug or with none. */
export type Tried = { readonly bugCase: BugCase; readonly result: CaseResult };

const head = `# Track record

A checker earns trust by failing when it should. Each of these bugs was planted in the unchanged
product, behind a port, and brought out by its trigger; verdict and class of the findings had to be
the declared ones.`;

const columns = [
  "bug",
  "what it does wrong",
  "real ancestors",
  "trigger",
  "judged",
  "until found",
  "where",
];

const foot = `\`seed 71; 6 of 200\`: the first seed of the simulation that is judged as declared, and how
many of those played were not judged PASS. One of them again: \`NODE_OPTIONS=--conditions=planted npx
fleetproof simulate --seeds 1 --from SEED --bug NAME\`. All of one bug: \`npm run prove:bugs --
--only B12\`.`;

/** \`tried\`: every case with its bug, and what was tried without. */
export function trackRecord(
  tried: readonly Tried[],
  { version, day }: { readonly version: string; readonly day: string },
): string {
  const planted = tried.filter(({ bugCase, result }) => result.bug === bugCase.bug);
  const sound = tried.filter(({ bugCase, result }) => result.bug !== bugCase.bug);
  const found = planted.filter(({ bugCase, result }) => isProven(bugCase, result)).length;
  const passed = sound.filter(({ result }) => result.verdict === "PASS").length;
  const replaced = planted.flatMap(({ bugCase: { id, bug, instead } }) =>
    instead === undefined ? [] : [`- ${id} \`${bug}\`: ${instead}`],
  );
  return `${head}

Written by \`npm run prove:bugs\`, version ${version}, ${day}:
**${found} of ${planted.length} found**. Without a bug, under the same triggers:
**${passed} of ${sound.length} runs judged PASS**.

| ${columns.join(" | ")} |
| ${columns.map(() => "---").join(" | ")} |
${planted.map(row).join("\n")}

${foot}

## Where a bug or its class is not the one of the list

${replaced.join("\n")}
`;
}

function row({ bugCase, result }: Tried): string {
  const { id, bug, what, ancestor, trigger, proof } = bugCase;
  const where = proof.kind === "live" ? "real servers" : "simulation";
  const cells = [`${id} \`${bug}\``, what, ancestor, trigger, judged(bugCase, result)];
  return `| ${[...cells, result.until, where].join(" | ")} |`;
}

/** The declared classes that were found; all there were when it was not as declared. */
function judged(bugCase: BugCase, result: CaseResult): string {
  const { verdict, classes } = result;
  const proven = isProven(bugCase, result);
  const named = proven ? classes.filter((name) => isOneOf(name, bugCase)) : classes;
  const again = result.verified === undefined ? "" : `; verified without it: ${result.verified}`;
  return `${proven ? "" : "NOT FOUND: "}${[verdict, ...named].join(", ")}${again}`;
}

function isOneOf(name: string, { expected }: BugCase): boolean {
  return expected.classes.some((each) => each === name);
}

/** For the terminal. */
export function resultLine({ id, expected }: BugCase, result: CaseResult): string {
  const { bug, verdict, verified, classes, until, seconds, why } = result;
  const planted = bug !== "none";
  const declared = planted ? [expected.verdict, ...expected.classes].join("/") : "PASS";
  const again = verified === undefined ? "" : `, verified without it ${verified}`;
  const said = `${[verdict, ...classes].join(" ")}${again}`;
  const reasons = why.length > 0 && !planted ? ` (${why.join("; ")})` : "";
  return `${id} ${bug}: ${said}${reasons}, declared ${declared}; ${until}; ${seconds.toFixed(0)} s`;
}
