/** `fleetproof connect` and `fleetproof aggregator` start the pipeline's own entry: with what, and with which defaults. */
import { Command } from "commander";
import { expect, test } from "vitest";
import { aggregatorArguments } from "../../../harness/cli/aggregator-command.ts";
import { addConnectCommand, connectArguments } from "../../../harness/cli/connect-command.ts";
import { parseStart } from "../../../pipeline/start-options.ts";

const defaults = { listen: "127.0.0.1:8083", slot: "0", cluster: "fleetproof", set: [] } as const;

test("what the command passes on, the entry understands", () => {
  const given = { ...defaults, bootstrap: "h:1", group: "g", set: ["run=r1", "a=b=c"] };
  expect(parseStart(connectArguments(["a.json", "b.json"], given))).toEqual({
    ok: true,
    options: {
      kind: "connect",
      files: ["a.json", "b.json"],
      action: "run",
      bootstrap: "h:1",
      slot: 0,
      cluster: "fleetproof",
      group: "g",
      listen: "127.0.0.1:8083",
      clock: undefined,
      variables: { run: "r1", a: "b=c" },
    },
  });
  const address = { bootstrap: "h:1", slot: "3", listen: "127.0.0.1:8084" };
  expect(parseStart(aggregatorArguments("a.yaml", address))).toMatchObject({
    options: { kind: "aggregator", files: ["a.yaml"], slot: 3, listen: "127.0.0.1:8084" },
  });
});

test("a check and a dry run need no broker and listen nowhere", () => {
  const check = parseStart(connectArguments(["a.json"], { ...defaults, check: true }));
  expect(check).toMatchObject({ options: { action: "check", listen: undefined } });
  const due = parseStart(connectArguments(["a.json"], { ...defaults, due: true }));
  expect(due).toMatchObject({ options: { action: "due", listen: undefined } });
});

test("REST is on the loopback unless an operator says otherwise", () => {
  const program = new Command();
  addConnectCommand(program, () => {});
  expect(program.commands[0]?.opts()["listen"]).toBe("127.0.0.1:8083");
});
