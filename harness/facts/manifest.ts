/**
 * `facts/manifest.json`: what a run left behind, file by file with size and SHA-256, written as its last act. So a
 * folder that was cut off, copied in part or edited is told from a whole one before anything is judged from it. It is
 * no signature: whoever alters a file can alter the manifest.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FactsError } from "./facts-error.ts";
import { readJson, writeJson } from "./json-file.ts";

type Sealed = { readonly bytes: number; readonly sha256: string };

type Manifest = {
  readonly schema: 1;
  /** By path below the run folder, `/` between the names. */
  readonly files: Readonly<Record<string, Sealed>>;
};

type Damage = {
  readonly file: string;
  readonly kind: "missing" | "cut" | "changed" | "added" | "unreadable";
  /** The file and what is wrong with it, in words. */
  readonly sentence: string;
};

export type FolderState =
  | { readonly kind: "whole" }
  /** No manifest: the run was broken off before its end, or is still under way. */
  | { readonly kind: "unsealed" }
  | { readonly kind: "damaged"; readonly damages: readonly Damage[] };

const manifestFile = "facts/manifest.json";
/** Beside the facts: the figures of a run, and what was asked of it. */
const besideFacts = ["scenario.yaml", "summary.json"];

/** `root`: the run folder. Nothing may be written to its facts, summary or scenario afterwards. */
export async function sealRunFolder(root: string): Promise<void> {
  const names = [...(await factFiles(root)), ...besideFacts];
  const files: Record<string, Sealed> = {};
  for (const name of names) {
    const sealed = await sealOf(join(root, name));
    if (sealed !== undefined) files[name] = sealed;
  }
  const manifest: Manifest = { schema: 1, files };
  await writeJson(join(root, manifestFile), manifest);
}

/** Reads every sealed file once. */
export async function inspectRunFolder(root: string): Promise<FolderState> {
  if ((await sizeOf(join(root, manifestFile))) === undefined) return { kind: "unsealed" };
  const manifest = await readManifest(root);
  if (typeof manifest === "string") {
    const sentence = manifest;
    return { kind: "damaged", damages: [{ file: manifestFile, kind: "unreadable", sentence }] };
  }
  const damages: Damage[] = [];
  const note = (file: string, kind: Damage["kind"], what: string): void => {
    damages.push({ file, kind, sentence: `${file} ${what}` });
  };
  for (const [file, sealed] of Object.entries(manifest.files)) {
    const found = await sealOf(join(root, file));
    if (found === undefined) note(file, "missing", "is missing");
    else if (found.bytes < sealed.bytes) {
      note(file, "cut", `is cut short (${found.bytes} of ${sealed.bytes} bytes)`);
    } else if (found.sha256 !== sealed.sha256) {
      note(file, "changed", "was changed after the run");
    }
  }
  for (const file of await factFiles(root)) {
    if (!(file in manifest.files)) note(file, "added", "was added after the run");
  }
  return damages.length === 0 ? { kind: "whole" } : { kind: "damaged", damages };
}

/** Or a sentence that says why there is none to go by. */
async function readManifest(root: string): Promise<Manifest | string> {
  const unreadable = `${manifestFile} cannot be read`;
  try {
    const manifest = await readJson<Manifest>(join(root, manifestFile));
    const sealed = Object.values(manifest.files);
    const whole = sealed.every(
      ({ bytes, sha256 }) => Number.isSafeInteger(bytes) && typeof sha256 === "string",
    );
    return whole && sealed.length > 0 ? manifest : unreadable;
  } catch (error) {
    const isOfAnother = error instanceof FactsError && error.cause === undefined;
    return isOfAnother ? error.message : unreadable;
  }
}

/** Paths below `root`, sorted. */
async function factFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, "facts"), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => `facts/${name}`)
    .filter((name) => name !== manifestFile)
    .sort();
}

/** Undefined when there is no such file, or none that can be read. */
async function sealOf(path: string): Promise<Sealed | undefined> {
  const bytes = await sizeOf(path);
  if (bytes === undefined) return undefined;
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined;
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
