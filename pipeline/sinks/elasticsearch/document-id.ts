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
  return values.map((value) => escapePart(String(value), separator[0]!)).join(separator);
}

function escapePart(value: string, first: string): string {
  if (!value.includes(first) && !value.includes("\\")) return value;
  return value.replaceAll("\\", "\\\\").replaceAll(first, `\\${first}`);
}
