/** What a benchmark prints besides its table: where it stands, and on what it ran. */
import { cpus, totalmem } from "node:os";
import { artifacts } from "../../harness/stack/artifacts.ts";

export function say(line: string): void {
  console.error(`[${Math.round(process.uptime())} s] ${line}`);
}

/** Without these a figure cannot be compared with another. */
export function sayConditions(command: string, javaVersion: string): void {
  const [first] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  console.log(`${command}   ${new Date().toISOString()}`);
  console.log(`${cpus().length} × ${first?.model ?? "unknown CPU"}, ${memory}`);
  console.log(
    `Node ${process.versions.node}, Kafka ${artifacts.kafka.version} (one broker), Java ${javaVersion}`,
  );
}
