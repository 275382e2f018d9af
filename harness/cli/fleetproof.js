#!/usr/bin/env node
// The committed door: plain enough for any Node to parse, so that an old one can be told what is missing.
// In a checkout it opens main.ts (Node strips the types), in the published package main.js.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 6)) {
  process.stderr.write(
    `fleetproof needs Node 24.6 or newer; this is ${process.versions.node}. ` +
      "In a checkout, `npm start` and `npm exec fleetproof` bring the right one; elsewhere install Node 24.\n",
  );
  process.exit(2);
}

const source = new URL("./main.ts", import.meta.url);
const { main } = await import(
  existsSync(source) ? source.href : new URL("./main.js", import.meta.url).href
);
process.exitCode = await main(process.argv);
