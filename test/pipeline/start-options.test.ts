/** What the one door is told on its command line: everything, or one sentence about what is wrong. */
import { expect, test } from "vitest";
import { parseStart } from "../../pipeline/start-options.ts";

const parse = (line: string) => parseStart(line.split(" "));

test("as the harness starts a worker", () => {
  const clock = '{"origin":1,"start":2,"scale":1.5}';
  const line = `connect job.json --bootstrap h:1 --slot 2 --cluster r12345678 --listen 127.0.0.1:0`;
  const parsed = parseStart([
    ...line.split(" "),
    "--clock",
    clock,
    "--set",
    "a.b=c=d",
    "--set",
    "e=",
  ]);
  expect(parsed).toEqual({
    ok: true,
    options: {
      kind: "connect",
      files: ["job.json"],
      action: "run",
      bootstrap: "h:1",
      slot: 2,
      cluster: "r12345678",
      group: undefined,
      listen: "127.0.0.1:0",
      clock: { origin: 1, start: 2, scale: 1.5 },
      variables: { "a.b": "c=d", e: "" },
    },
  });
});

test("several jobs in one worker; checks need no broker", () => {
  expect(parse("connect a.json b.json --bootstrap h:1")).toMatchObject({
    options: { files: ["a.json", "b.json"], cluster: "fleetproof", slot: 0 },
  });
  expect(parse("connect a.json --check")).toMatchObject({ options: { action: "check" } });
  expect(parse("connect a.json --due")).toMatchObject({ options: { action: "due" } });
});

const refused: readonly (readonly [string, RegExp])[] = [
  ["serve a.json", /'aggregator' or 'connect'/],
  ["connect --bootstrap h:1", /needs a config file/],
  ["connect a.json", /--bootstrap HOST:PORT is missing/],
  ["aggregator a b --bootstrap h:1", /takes one file/],
  ["aggregator a --check", /--check is for 'connect'/],
  ["connect a --bootstrap h:1 --slot -1", /--slot/],
  ["connect a --bootstrap h:1 --slot 1.5", /--slot must be an integer/],
  ["connect a --bootstrap h:1 --cluster ../x", /--cluster must be/],
  ["connect a --bootstrap h:1 --group a/b", /--group must be/],
  ["connect a --bootstrap h:1 --clock {}", /--clock must be/],
  ["connect a --bootstrap h:1 --clock nothing", /JSON/],
  ["connect a --bootstrap h:1 --set =x", /--set must be NAME=VALUE/],
  ["connect a --bootstrap h:1 --colour red", /--colour/],
];

for (const [line, why] of refused) {
  test(`'${line}' is refused`, () => {
    const parsed = parse(line);
    expect(parsed.ok ? "taken" : parsed.message).toMatch(why);
  });
}
