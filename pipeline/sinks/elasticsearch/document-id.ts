/**
 * `_id` from the values of the primary key, joined by a separator. Unambiguous: within a value the
 * separator's first character, and the backslash, get a backslash before them, so that ("a-b", "c") and
 * ("a", "b-c") stay two documents.
 */

/** Elasticsearch refuses the whole bulk for one longer id. */
export const maxIdBytes = 512;

export function documentId(
  values: readonly (string | number | boolean)[],
  separator: string,
): string {
  const first = separator[0]!;
  let id = "";
  for (let at = 0; at < values.length; at++) {
    const part = escapePart(String(values[at]), first);
    id = at === 0 ? part : id + separator + part;
  }
  return id;
}

function escapePart(value: string, first: string): string {
  if (!value.includes(first) && !value.includes("\\")) return value;
  return value.replaceAll("\\", "\\\\").replaceAll(first, `\\${first}`);
}
