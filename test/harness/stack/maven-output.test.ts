import { expect, test } from "vitest";
import { downloadedBytes, firstError } from "../../../harness/stack/maven-output.ts";

test("Maven's first error comes out in one line, without colours or addresses", () => {
  const output = [
    "[INFO] Scanning for projects...",
    "\u001b[1;31m[ERROR]\u001b[m Could not transfer artifact a:b:jar:1 from/to central" +
      " (https://repo.example.org/maven2): repo.example.org: Name or service not known -> [Help 1]",
    "[ERROR] ",
    "[ERROR] Re-run Maven using the -X switch",
  ].join("\n");
  expect(firstError(output)).toBe(
    "Could not transfer artifact a:b:jar:1 from/to central: the repository: Name or service not known",
  );
});

test("an error of many words is cut", () => {
  expect(firstError(`[ERROR] ${"x".repeat(5_000)}`)?.length).toBeLessThanOrEqual(400);
});

test("no error is no error", () => {
  expect(firstError("[INFO] BUILD SUCCESS\n[ERROR] \n")).toBeUndefined();
});

test("downloads add up over their units", () => {
  const output = [
    "Downloading from central: https://repo.example.org/a.jar",
    "Downloaded from central: https://repo.example.org/a.jar (1.5 MB at 3 MB/s)",
    "[INFO] Downloaded from central: https://repo.example.org/b.pom (500 B at 1.2 kB/s)",
    "Downloaded from central: https://repo.example.org/c.jar (2 kB at 1.2 kB/s)",
  ].join("\n");
  expect(downloadedBytes(output)).toBe(1_502_500);
});
