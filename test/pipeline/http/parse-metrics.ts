/** Prometheus' text form read back, as far as these tests need it. */

export function parseMetrics(text: string): {
  readonly value: (name: string, labels: Readonly<Record<string, string>>) => number | undefined;
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
} {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  for (const line of text.split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line);
    if (comment) (comment[1] === "HELP" ? helps : types).set(comment[2]!, comment[3]!);
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (sample) values.set(keyOf(sample[1]!, readLabels(sample[2] ?? "")), Number(sample[3]));
  }
  return { value: (name, labels) => values.get(keyOf(name, labels)), types, helps };
}

function readLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gs)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name, readEscapes(value!)]));
}

function readEscapes(value: string): string {
  return value.replace(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character));
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
