/** Requests to the REST of a run's workers: to whichever of them answers, and again while they are busy. */
import type { Clock } from "../../simulator/clock.ts";
import { DeadlineError, until } from "./until.ts";

export class JobRestError extends Error {
  override readonly name = "JobRestError";
  readonly code: "no-worker" | "unreachable" | "refused" | "too-slow";

  constructor(code: JobRestError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export type WorkerOptions = {
  /** Addresses of the workers that live, the likeliest first. */
  readonly workers: () => readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

export type WorkerRequests = {
  /** Once. Resolves with the answer's JSON; undefined: it had no body. */
  readonly ask: (method: string, path: string) => Promise<unknown>;
  /** As long as the answer is one of `again`: unless said, that the workers are busy with one another. */
  readonly insist: (
    method: string,
    path: string,
    more?: { readonly body?: unknown; readonly again?: readonly number[] },
  ) => Promise<unknown>;
  /** Polls until `holds`; `sentence` is the error's when it does not in time. */
  readonly soon: (holds: () => Promise<boolean>, sentence: () => string) => Promise<void>;
};

/** Connect's 409 while a rebalance is under way, 503 while a worker starts, 500 for what took too long. */
export const busyCodes: readonly number[] = [409, 500, 503];

/** A rebalance of all workers, or the session of one that was killed, may lie between. */
export const settledWithinMs = 60_000;
const pollMs = 200;
const requestWithinMs = 15_000;
const refusalShown = 500;

/** Errors of all: `JobRestError`; the signal's reason when aborted. */
export function createWorkerRequests(options: WorkerOptions): WorkerRequests {
  const { workers, clock, signal } = options;

  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    let cause: unknown;
    for (const worker of workers()) {
      try {
        const response = await fetch(`${worker}${path}`, {
          method,
          signal: AbortSignal.any([signal, AbortSignal.timeout(requestWithinMs)]),
          ...(body === undefined ? {} : { body: JSON.stringify(body), headers: json }),
        });
        return { status: response.status, text: await response.text() };
      } catch (error) {
        signal.throwIfAborted();
        cause = error; // This one has just died, or hangs: another may answer.
      }
    }
    const what = `${method} ${path}`;
    if (cause === undefined) {
      throw new JobRestError("no-worker", `No worker that offers REST is there to ask: ${what}`);
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new JobRestError("unreachable", `No worker answered ${what}: ${why}`, cause);
  }

  async function soon(holds: () => Promise<boolean>, sentence: () => string): Promise<void> {
    try {
      const wait = { withinMs: settledWithinMs, everyMs: pollMs, clock, signal, sentence };
      await until(holds, wait);
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new JobRestError("too-slow", error.message, error);
    }
  }

  return {
    soon,
    ask: async (method, path) => contentOf(await send(method, path), `${method} ${path}`),
    async insist(method, path, { body, again = busyCodes } = {}) {
      let answer: Answer | undefined;
      await soon(
        async () => {
          answer = await send(method, path, body);
          return !again.includes(answer.status);
        },
        () =>
          `${method} ${path} was refused for ${settledWithinMs / 1_000} s: ${refusalOf(answer!)}`,
      );
      return contentOf(answer!, `${method} ${path}`);
    },
  };
}

type Answer = { readonly status: number; readonly text: string };

const json = { "content-type": "application/json" } as const;

function contentOf(answer: Answer, what: string): unknown {
  if (answer.status >= 400) {
    throw new JobRestError("refused", `${what} was refused: ${refusalOf(answer)}`);
  }
  try {
    return answer.text === "" ? undefined : JSON.parse(answer.text);
  } catch (error) {
    throw new JobRestError("refused", `The answer to ${what} is no JSON`, error);
  }
}

function refusalOf({ status, text }: Answer): string {
  return `${status} ${text.slice(0, refusalShown)}`;
}
