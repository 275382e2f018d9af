/** The servers of the local stack: which versions, under which Maven coordinates, how large. Data, no I/O. */

export const serverNames = ["kafka", "elasticsearch", "cassandra"] as const;
export type ServerName = (typeof serverNames)[number];

/** Jars with all they depend on, resolved by Maven. */
type JarSet = {
  readonly kind: "jars";
  readonly version: string;
  /** `group:artifact:version` */
  readonly roots: readonly string[];
  readonly jars: number;
  readonly bytes: number;
};

/** One zip. Its registry holds no checksum file for it, so its SHA-512 is pinned here. */
type Distribution = {
  readonly kind: "distribution";
  readonly version: string;
  readonly group: string;
  readonly artifact: string;
  readonly sha512: string;
  readonly bytes: number;
};

export type Artifact = JarSet | Distribution;

const kafkaVersion = "4.1.1";
const log4jVersion = "2.25.4";

const kafkaModules = [
  "kafka_2.13",
  "kafka-tools",
  "connect-runtime",
  "connect-json",
  "connect-transforms",
  "connect-file",
  "kafka-streams",
];

// Kafka 4 logs through the slf4j 1 binding: log4j-slf4j-impl, not log4j-slf4j2-impl.
const log4jModules = ["log4j-api", "log4j-core", "log4j-slf4j-impl"];

export const artifacts = {
  kafka: {
    kind: "jars",
    version: kafkaVersion,
    roots: [
      ...kafkaModules.map((module) => `org.apache.kafka:${module}:${kafkaVersion}`),
      ...log4jModules.map((module) => `org.apache.logging.log4j:${module}:${log4jVersion}`),
    ],
    jars: 96,
    bytes: 124e6,
  },
  elasticsearch: {
    kind: "distribution",
    version: "8.19.16",
    group: "org.elasticsearch.distribution.integ-test-zip",
    artifact: "elasticsearch",
    sha512:
      "97db38d6920fbdace83ce32d041e2e6faf1c895aa03dc3cc75715c952a646021" +
      "af124f4e49b0a8e2bb066362cdec4d45772a846c613a8f459b7e8260f9d17067",
    bytes: 104e6,
  },
  cassandra: {
    kind: "jars",
    version: "5.0.8",
    roots: ["org.apache.cassandra:cassandra-all:5.0.8"],
    jars: 100,
    bytes: 67e6,
  },
} as const satisfies Record<ServerName, Artifact>;

/** The smallest pom from which Maven copies the jars and all that they need at run time. */
export function pomOf({ roots }: JarSet): string {
  const dependencies = roots.map((root) => {
    const [group, artifact, version] = root.split(":");
    return `    <dependency>
      <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
    </dependency>`;
  });
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>fleetproof</groupId><artifactId>server</artifactId><version>1</version>
  <dependencies>
${dependencies.join("\n")}
  </dependencies>
</project>
`;
}
