import { Command } from "commander";
import { expect, onTestFinished, test, vi } from "vitest";
import { addFaultsCommand } from "../../../harness/cli/faults-command.ts";
import { faultKinds } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";

/** What the command prints. */
async function faults(...args: readonly string[]): Promise<string> {
  const program = new Command("fleetproof").exitOverride();
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  addFaultsCommand(program);
  await program.parseAsync(["node", "fleetproof", "faults", ...args]);
  spy.mockRestore();
  return text;
}

test("for programs the whole catalogue, or one kind of it, comes as JSON", async () => {
  const all = JSON.parse(await faults("--json")) as {
    readonly faults: readonly { kind: string }[];
  };
  expect(all.faults.map(({ kind }) => kind)).toEqual(faultKinds);
  expect(JSON.parse(await faults("pause", "--json"))).toMatchObject({
    kind: "pause",
    parameters: { for: "needed" },
    example: "{ at: 14s, pause: aggregator, for: 12s }",
    verdict: { is: "PASS" },
  });
});

test("a kind that there is not is told, with the nearest that there is", async () => {
  await expect(faults("restrat")).rejects.toThrow(
    "There is no fault restrat; did you mean restart?",
  );
  await expect(faults("xyzxyz")).rejects.toThrow(
    /^There is no fault xyzxyz; there are kill, pause/,
  );
});
