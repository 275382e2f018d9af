/**
 * IGNORE: a record without the fields that it names. Only the objects on the way to such a field
 * are copied; the record itself is never changed. `IGNORE a.*` leaves `a` out as a whole: an object
 * without fields says nothing.
 */
import { isJsonObject, type JsonObject, type RecordView } from "./path.ts";
import type { FieldFrom, FieldRef, Path } from "./statement.ts";

/** Names to leave out: as a whole (`true`), or below them. */
type Names = Map<string, true | Names>;

export function leaveOut(ignored: readonly FieldRef[]): (record: RecordView) => RecordView {
  const value = namesOf(ignored, "value");
  const key = namesOf(ignored, "key");
  const header = namesOf(ignored, "header");
  if (key.size === 0 && header.size === 0) {
    return (record) => ({ ...record, value: without(record.value, value) });
  }
  return (record) => ({
    ...record,
    value: without(record.value, value),
    key: isJsonObject(record.key) ? without(record.key, key) : record.key,
    headers: () => without(record.headers(), header),
  });
}

function namesOf(ignored: readonly FieldRef[], from: FieldFrom): Names {
  const names: Names = new Map();
  for (const ref of ignored) {
    if (ref.from !== from) continue;
    add(names, ref.path.at(-1) === "*" ? ref.path.slice(0, -1) : ref.path);
  }
  return names;
}

function add(names: Names, path: Path): void {
  let level = names;
  for (const [index, name] of path.entries()) {
    const known = level.get(name);
    if (known === true) return;
    if (index === path.length - 1) {
      level.set(name, true);
      return;
    }
    const below = known ?? new Map();
    level.set(name, below);
    level = below;
  }
}

function without(document: JsonObject, names: Names): JsonObject {
  if (names.size === 0) return document;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(document)) {
    const rule = names.get(name);
    if (rule === true) continue;
    const value = document[name];
    copy[name] = rule === undefined || !isJsonObject(value) ? value : without(value, rule);
  }
  return copy;
}
