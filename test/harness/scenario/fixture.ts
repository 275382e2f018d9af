/** A folder with two job configs, so that a scenario text can name them as users do. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function scenarioFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-scenario-"));
  mkdirSync(join(folder, "jobs"));
  for (const [store, connector] of [
    ["elasticsearch", "fleetproof.ElasticsearchSink"],
    ["cassandra", "fleetproof.CassandraSink"],
  ] as const) {
    const config = { name: `\${run}-${store}`, config: { "connector.class": connector } };
    writeFileSync(join(folder, "jobs", `${store}.json`), JSON.stringify(config));
  }
  return folder;
}
