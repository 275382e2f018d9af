/** What a job needs of a logger: pino's shape, so that tests and the simulation can hand in a list. */

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export type Logger = {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
};
