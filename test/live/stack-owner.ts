/** A harness of its own for `own-servers.test.ts`, which ends it in one way or the other: `start FOLDER` or `keep NAME`. */
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { stackUp } from "../../harness/stack/kept-stacks.ts";
import { startStack } from "../../harness/stack/start-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";

const [mode, argument = ""] = process.argv.slice(2);
const home = homeOf(process.env);
const registry = registryOf(home, console.warn);
const { signal } = new AbortController();
const options = { home, registry, clock, signal, compiler: "quick" } as const;

if (mode === "keep") {
  await stackUp(argument, options);
} else {
  const id = `orphan-${process.pid}`;
  await startStack({ ...options, id, folder: argument });
}
