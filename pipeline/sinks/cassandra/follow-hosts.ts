/**
 * A client of the driver that leaves nothing open when it is shut down. After an outage the driver
 * (4.10) makes its control connection anew and, with it, another `Host` for the same address: the
 * one before, whose pool has reconnected by itself, is forgotten, and so is a control connection
 * that comes up after `shutdown`. Either would keep a process alive that has ended. What is asked
 * of the driver here it does not declare.
 */
import type cassandra from "cassandra-driver";

type HostInternals = { readonly shutdown?: (waitForPending: boolean) => Promise<void> };

type ClientInternals = {
  readonly controlConnection?: {
    readonly connection?: { readonly close: () => void } | null;
    readonly on: (event: "newConnection", listener: () => void) => void;
  };
};

/** To be called before the client connects. The answer shuts it down. */
export function followHosts(client: cassandra.Client): () => Promise<void> {
  const seen = new Set<HostInternals>();
  for (const event of ["hostAdd", "hostDown"]) {
    client.on(event, (host: HostInternals) => seen.add(host));
  }
  return async () => {
    for (const host of client.hosts?.values() ?? []) seen.add(host as HostInternals);
    const { controlConnection } = client as ClientInternals;
    await client.shutdown();
    // A host that was shut down already has nothing left to close.
    await Promise.allSettled([...seen].map((host) => host.shutdown?.(false)));
    const close = (): void => controlConnection?.connection?.close();
    controlConnection?.on("newConnection", close);
    close();
  };
}
