/**
 * Where fleetproof keeps what outlives a run: fetched servers in the cache folder, records and kept
 * stacks in the state folder, both where the XDG base directory specification wants them.
 */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { openRegistry, type Registry } from "../process/registry.ts";

export type Home = {
  readonly cache: string;
  readonly state: string;
  /** Records of processes and folders. */
  readonly registry: string;
  /** One file and one folder per kept stack. */
  readonly stacks: string;
};

/** `FLEETPROOF_HOME` puts both under one folder. A relative XDG path is ignored, as that specification says. */
export function homeOf(environment: Readonly<Record<string, string | undefined>>): Home {
  const configured = environment["FLEETPROOF_HOME"];
  const own = configured && resolve(configured);
  const cache = own ? join(own, "cache") : base(environment["XDG_CACHE_HOME"], ".cache");
  const state = own ? join(own, "state") : base(environment["XDG_STATE_HOME"], ".local/state");
  return { cache, state, registry: join(state, "registry"), stacks: join(state, "stacks") };
}

/** The registry of that home; what it has to say about unreadable records goes to `warn`. */
export function registryOf(home: Home, warn: (sentence: string) => void): Registry {
  return openRegistry(home.registry, warn);
}

function base(configured: string | undefined, fallback: string): string {
  const folder = configured && isAbsolute(configured) ? configured : join(homedir(), fallback);
  return join(folder, "fleetproof");
}
