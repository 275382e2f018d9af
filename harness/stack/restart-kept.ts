/** A server of a kept stack that has a new life: it outlives this harness, and the stack's file and records say so. */
import type { OwnedProcess } from "../process/owned-process.ts";
import { identityOf } from "../process/process-table.ts";
import type { ServerName } from "./artifacts.ts";
import type { Home } from "./home.ts";
import { StackError } from "./stack-error.ts";
import { readStackFile, writeStackFile } from "./stack-file.ts";

/** @throws StackError `server-died` when it has ended meanwhile, `stack-broken` when the stack is kept no more. */
export function keepRestarted(
  name: string,
  server: ServerName,
  process: OwnedProcess,
  home: Home,
): void {
  // First the record: whatever becomes of us now, `stack down` finds it.
  const kept = process.keep(name);
  const file = readStackFile(home, name);
  if (file?.state !== "kept") {
    throw new StackError("stack-broken", `The stack ${name} was ended while ${server} restarted.`);
  }
  const identity = identityOf(process.pid);
  if (identity === undefined) {
    throw new StackError("server-died", `${server} has ended as soon as it was started again.`);
  }
  const { pid } = file[server].process;
  const others = file.records.filter(
    (record) => record.kind !== "process" || record.process?.pid !== pid,
  );
  writeStackFile(home, {
    ...file,
    [server]: { ...file[server], process: identity },
    records: [...others, kept],
  });
}
