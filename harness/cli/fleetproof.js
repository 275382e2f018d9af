#!/usr/bin/env node
// The committed door: plain enough for any Node to parse, so that an old one can be told what is missing.
// In a checkout it opens main.ts beside it (Node strips the types), whatever an earlier `npm pack` left in dist/;
// the published package has no main.ts, and Node strips no types there: it opens what `prepack` emitted.
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 6)) {
  process.stderr.write(
    `fleetproof needs Node 24.6 or newer; this is ${process.versions.node}. ` +
      "In a checkout, `npm start` and `npm exec fleetproof` bring the right one; elsewhere install Node 24.\n",
  );
  process.exit(2);
}

// Compiled code is kept between starts: half the CPU time that the start of each of a run's processes takes. The
// environment hands it on to them; those that a fault has killed are then back the sooner.
const cache = process.env.XDG_CACHE_HOME || `${homedir()}/.cache`;
process.env.NODE_COMPILE_CACHE ??= `${cache}/fleetproof/compiled`;
module.enableCompileCache();

const source = new URL("./main.ts", import.meta.url);
const emitted = new URL("../../dist/harness/cli/main.js", import.meta.url);
const { main } = await import(existsSync(source) ? source.href : emitted.href);
process.exitCode = await main(process.argv);

// Everything is said and done. A client that lost its server may still keep a socket, and nobody waits for that one.
const lingersMs = 3_000;
const end = () => {
  const open = process.getActiveResourcesInfo().join(", ");
  process.stderr.write(`Ended with something still open, please report it: ${open}\n`);
  process.exit();
};
// biome-ignore lint/plugin: an unref-ed timer is what fires only while something else is open.
setTimeout(end, lingersMs).unref();
