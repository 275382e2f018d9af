import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePorts } from "../../../harness/stack/ports.ts";

test("ports are distinct, free, and below those of outgoing connections", async () => {
  const ports = await freePorts(7);
  expect(new Set(ports).size).toBe(7);
  for (const port of ports) {
    expect(port).toBeLessThan(32_768);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
    await promise;
  }
});
