/** Turns the stack's progress into lines: the same in `stack up` and in a run that is no terminal. */
import type { StackProgress } from "../stack/stack-options.ts";

/** A fetch is long: a line for every tenth of it. */
const fetchSteps = 10;

export function stackProgressLines(say: (line: string) => void): (progress: StackProgress) => void {
  const saidTenths = new Map<string, number>();
  return (progress) => {
    switch (progress.phase) {
      case "orphans-ended":
        say(
          `ended ${progress.processes} processes and removed ${progress.folders} folders of a broken-off run`,
        );
        return;
      case "starting":
        say(`starting ${progress.server}`);
        return;
      case "ready":
        say(`${progress.server} is ready after ${(progress.elapsedMs / 1000).toFixed(1)} s`);
        return;
      case "fetching":
      case "fetched": {
        const { server, bytes, totalBytesApprox } = progress;
        const done = progress.phase === "fetched";
        const tenth = done ? fetchSteps : Math.floor((bytes / totalBytesApprox) * fetchSteps);
        if (saidTenths.get(server) === tenth) return;
        saidTenths.set(server, tenth);
        const amount = `${(bytes / 1e6).toFixed(0)} MB of about ${(totalBytesApprox / 1e6).toFixed(0)}`;
        say(done ? `fetched ${server}` : `fetching ${server}: ${amount}`);
        return;
      }
    }
  };
}
