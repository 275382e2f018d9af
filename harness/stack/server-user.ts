/** The user under whom a server runs that refuses to run as root. */
import { execFile } from "node:child_process";
import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export type ServerUser = { readonly uid: number; readonly gid: number };

const run = promisify(execFile);

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** `nobody`, whose numbers differ between systems. */
export async function unprivilegedUser(): Promise<ServerUser> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, "nobody"])).stdout)),
  );
  return { uid: uid ?? Number.NaN, gid: gid ?? Number.NaN };
}

/** The folder with all that is in it. */
export async function giveTo({ uid, gid }: ServerUser, folder: string): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? giveTo({ uid, gid }, path) : chown(path, uid, gid));
  }
}
