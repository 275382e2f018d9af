import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the pinned Node knows the flags: it has nothing to say about them", () => {
  const file = fileURLToPath(new URL("../../../harness/observe/inline-more.ts", import.meta.url));
  const script = `import { inlineMore } from ${JSON.stringify(file)}; inlineMore(); console.log("set");`;
  const args = ["--input-type=module", "--eval", script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "set\n", stderr: "" });
});
