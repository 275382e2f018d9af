/** What a record's headers say, as text and numbers. */
export type Header = { readonly key: string; readonly value: Uint8Array | null };

/** The first header of that name; undefined where there is none, or null is its value. */
export function headerText(headers: readonly Header[], key: string): string | undefined {
  const value = headers.find((each) => each.key === key)?.value;
  return value === undefined || value === null ? undefined : Buffer.from(value).toString("utf8");
}

/** -1 for what is no whole number of at most 15 digits. */
export function headerNumber(headers: readonly Header[], key: string): number {
  const text = headerText(headers, key);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
