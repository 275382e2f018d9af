import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findRunFolder } from "../../../harness/run/find-run-folder.ts";
import { nextVerifyName } from "../../../harness/verify/verify-ports.ts";

function runs(): string {
  const out = mkdtempSync(join(tmpdir(), "fleetproof-runs-"));
  onTestFinished(() => rmSync(out, { recursive: true }));
  for (const run of ["r0a1b2c3d", "rzzzzzzzz"]) {
    mkdirSync(join(out, run, "facts"), { recursive: true });
    writeFileSync(join(out, run, "scenario.yaml"), "name: quick\n");
  }
  mkdirSync(join(out, "else"));
  return out;
}

test("a run is found by its id and by its path", () => {
  const out = runs();
  const root = join(out, "r0a1b2c3d");
  expect(findRunFolder("r0a1b2c3d", out)).toEqual({ ok: true, root });
  expect(findRunFolder(root, "nowhere")).toEqual({ ok: true, root });
  expect(findRunFolder(`${root}/`, "nowhere")).toEqual({ ok: true, root });
});

test("an id that is not there gets the nearest one, or the latest", () => {
  const out = runs();
  expect(findRunFolder("r0a1b2c3e", out)).toMatchObject({
    ok: false,
    why: expect.stringContaining("the nearest name is r0a1b2c3d."),
  });
  expect(findRunFolder("nothing-like-it", out)).toMatchObject({
    why: expect.stringMatching(/the latest are .*rzzzzzzzz/),
  });
  expect(findRunFolder("r0a1b2c3d", join(out, "nowhere"))).toMatchObject({
    why: expect.stringContaining("name the folder with --out"),
  });
});

test("a folder that is not one of a run is not taken for a damaged one", () => {
  const out = runs();
  expect(findRunFolder("else", out)).toMatchObject({
    ok: false,
    why: expect.stringContaining("is not the folder of a run"),
  });
});

test("verifications are numbered on, past a number whose folder or result is missing", () => {
  const root = join(runs(), "r0a1b2c3d");
  expect(nextVerifyName(root)).toBe("verify-1");
  writeFileSync(join(root, "verify-1.json"), "{}");
  mkdirSync(join(root, "verify-9"));
  expect(nextVerifyName(root)).toBe("verify-10");
});
