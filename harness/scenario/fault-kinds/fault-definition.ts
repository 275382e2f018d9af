/**
 * What the catalogue says of a fault. Everything that reads scenarios (schema, cross checks, `fleetproof faults`) follows
 * from these; how each is played is in `harness/faults/`.
 */

/** Keys of a fault step beside its kind and its time, and what they are called in a step that was read. */
export const stepKeys = {
  for: "forMs",
  every: "everyMs",
  by: "byMs",
  jitter: "jitterMs",
  to: "bytesPerSecond",
  bytes: "bytes",
  way: "way",
  share: "share",
  point: "point",
  as: "as",
} as const;

export type Parameter = keyof typeof stepKeys;

export type FaultDefinition = {
  readonly family: "process" | "network" | "server" | "input";
  /** One line of `fleetproof faults`. */
  readonly summary: string;
  /** Clauses that a system breaks that does not stand it. */
  readonly endangers: readonly string[];
  /** Stages whose processes it is done to: a target is one of them, with or without a slot. */
  readonly processes?: readonly string[];
  /** What is not one process among several: a job or group as a whole, a server, a topic, a link. */
  readonly wholes?: readonly string[];
  /** Parameters it cannot do without, with what each says: `for: "how long it is stopped"`. */
  readonly needs?: Readonly<Partial<Record<Parameter, string>>>;
  /** Parameters it can have. */
  readonly takes?: readonly Parameter[];
  /** What its target is for the length of `for`: nothing else may be done to it meanwhile. */
  readonly state?: string;
  /** What `as` may say, the default first. */
  readonly forms?: readonly string[];
  /** What a sound pipeline comes to under it, and why where that is not PASS. */
  readonly verdict: { readonly is: "PASS" | "FAIL" | "UNKNOWN"; readonly because?: string };
};

/** Who talks to whom over a link: `aggregator/kafka`. */
export const links = [
  "simulator/kafka",
  "aggregator/kafka",
  "job-elasticsearch/kafka",
  "job-cassandra/kafka",
  "job-elasticsearch/elasticsearch",
  "job-cassandra/cassandra",
] as const;
export type Link = (typeof links)[number];

export const passes = { is: "PASS" } as const;
