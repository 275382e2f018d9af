/**
 * What is known of one key of a job's config: enough to read it, and to explain it as Connect's
 * REST does.
 */

export type Importance = "high" | "medium" | "low";

export type KeyGroup =
  | "Common"
  | "Converters"
  | "Connection"
  | "Writing"
  | "Errors"
  | "Consumer"
  | "Retirement";

type About = {
  readonly group: KeyGroup;
  readonly importance: Importance;
  readonly doc: string;
};

export type KeySpec = About &
  (
    | { readonly type: "text"; readonly fallback?: string; readonly secret?: boolean }
    | { readonly type: "list"; readonly fallback?: string }
    | { readonly type: "bool"; readonly fallback: boolean }
    | { readonly type: "choice"; readonly of: readonly string[]; readonly fallback: string }
    | {
        readonly type: "int";
        readonly min: number;
        readonly max: number;
        readonly fallback: number;
      }
  );

export type KeySpecs = Readonly<Record<string, KeySpec>>;

/** `Omit` over each member of the union. */
type Bare = KeySpec extends infer Each
  ? Each extends KeySpec
    ? Omit<Each, "group">
    : never
  : never;

/** Specs that share their group; short to write as tables. */
export function groupOf(group: KeyGroup, specs: Readonly<Record<string, Bare>>): KeySpecs {
  const grouped = Object.entries(specs).map(([key, spec]) => [key, { ...spec, group }] as const);
  return Object.fromEntries(grouped) as KeySpecs;
}

/** Milliseconds of a day: no wait of a config may be longer. */
export const dayMs = 86_400_000;
