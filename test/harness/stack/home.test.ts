import { homedir } from "node:os";
import { expect, test } from "vitest";
import { homeOf } from "../../../harness/stack/home.ts";

test("cache and state lie where the XDG specification wants them", () => {
  const { cache, state } = homeOf({ XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "/s" });
  expect([cache, state]).toEqual(["/c/fleetproof", "/s/fleetproof"]);
});

test("without XDG variables, or with relative ones, they lie below the home folder", () => {
  for (const environment of [{}, { XDG_CACHE_HOME: "relative", XDG_STATE_HOME: "" }]) {
    const { cache, state } = homeOf(environment);
    expect(cache).toBe(`${homedir()}/.cache/fleetproof`);
    expect(state).toBe(`${homedir()}/.local/state/fleetproof`);
  }
});

test("FLEETPROOF_HOME holds both", () => {
  const { cache, state } = homeOf({ FLEETPROOF_HOME: "/f", XDG_CACHE_HOME: "/c" });
  expect([cache, state]).toEqual(["/f/cache", "/f/state"]);
});
