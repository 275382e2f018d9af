/** What is wrong with a scenario: one entry a fault, all of a file's faults together. */

export type ScenarioProblem = {
  /** Where it stands: the file, or the command-line option that set the value. */
  readonly source: string;
  /** From 1; undefined where the value stands on the command line. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Keys from the top, joined by dots; empty for the file as a whole. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
};

/** `scenarios/quick.yaml:7:12 window.grace: …`, the form that editors and CI make clickable. */
export function printProblem(problem: ScenarioProblem): string {
  const { source, line, column, path, message } = problem;
  const place = line === undefined ? source : `${source}:${line}:${column}`;
  return path === "" ? `${place} ${message}` : `${place} ${path}: ${message}`;
}
