import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("the pinned Node knows the flags: it has nothing to say about them", () => {
  const file = new URL("../../simulator/inline-more.ts", import.meta.url);
  const script = `await import(${JSON.stringify(file)}); console.log("set");`;
  const args = ["--input-type=module", "--eval", script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "set\n", stderr: "" });
});
