/**
 * A statement in words, for someone who meets KCQL for the first time: what is read, what is kept
 * of it, what is written where, and what each clause does, or that no sink here acts on it. Pure.
 */
import { explainClause } from "./explain-clause.ts";
import type { Draft, GenuineField } from "./genuine-statement.ts";
import { checkSuffix } from "./index-suffix.ts";
import type { ParsedStatement } from "./parse-statement.ts";
import { type KcqlMode, parseGenuine } from "./parser.ts";
import type { KcqlFault } from "./statement.ts";
import { placeIn } from "./text-position.ts";
import { toStatement } from "./to-statement.ts";

export type Explained =
  | {
      readonly ok: true;
      /** Lines of at most about 100 characters, one block a statement. */
      readonly lines: readonly string[];
    }
  | { readonly ok: false; readonly fault: KcqlFault };

/**
 * Days on which names of indices are shown: an ordinary one, and one on which a week-based year
 * goes wrong.
 */
const ordinaryDay = Date.UTC(2026, 0, 15);
const lastOfYear = Date.UTC(2018, 11, 31);

/** More slips than a person reads. */
const maxSlips = 20;

export function explainKcql(text: string, mode: KcqlMode): Explained {
  const place = placeIn(text);
  const parsed = parseGenuine(text);
  const [slip] = parsed.careless;
  if (mode === "strict" && slip !== undefined) return { ok: false, fault: place(slip) };
  if (!parsed.ok) return parsed;
  const { statements, careless } = parsed;
  if (statements.length === 0) {
    const message = "there is no statement in this text";
    return { ok: false, fault: place({ offset: 0, message, suggestion: undefined }) };
  }
  const lines = statements.flatMap((statement, index) => [
    ...(statements.length > 1 ? [`Statement ${index + 1} of ${statements.length}`] : []),
    ...explainStatement(statement, mode),
    "",
  ]);
  const slips = careless.slice(0, maxSlips).map((one) => {
    const { line, column, message, suggestion } = place(one);
    const where = line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
    return `  ${where}: ${message}${suggestion === undefined ? "" : `. ${suggestion}`}`;
  });
  if (slips.length > 0) lines.push("Careless, and refused in strict mode:", ...slips, "");
  return { ok: true, lines: lines.slice(0, -1) };
}

function explainStatement(parsed: ParsedStatement, mode: KcqlMode): readonly string[] {
  const { draft, said } = parsed;
  const made = toStatement(parsed, mode);
  const clauses = [...said.keys()].map((keyword) => row(keyword, explainClause(keyword, draft)));
  return [
    row("reads", `every record of the topic '${draft.source}'`),
    ...explainFields(draft, mode),
    ...explainTarget(draft, mode),
    ...(said.has("PK") ? [] : [row("identity", withoutKey(draft))]),
    ...clauses,
    ...(made.ok ? [] : [row("but", `${made.fault.message}: a job with it is refused`)]),
  ];
}

function explainFields({ fields, retainStructure }: Draft, mode: KcqlMode): readonly string[] {
  if (fields.length === 1 && fields[0]!.name === "*" && fields[0]!.parentFields === null) {
    return [row("keeps", "all of its value, as it is, with what is nested in it")];
  }
  const nesting = retainStructure ? "with their nesting kept" : "flat, none within another";
  const shown = fields.map((field) => row("", explainField(field, mode, retainStructure)));
  return [row("keeps", `these fields, ${nesting}:`), ...shown];
}

function explainField(field: GenuineField, mode: KcqlMode, nested: boolean): string {
  const { name, alias, parentFields, fieldType } = field;
  const path = [...(parentFields ?? []), name];
  if (fieldType === "KEY") return named(`${path.join(".")} of the record's key`, alias);
  if (fieldType !== "VALUE") return named(`the record's ${name} in Kafka`, alias);
  const [head, ...below] = path;
  if (mode === "strict" && head === "_key") {
    return named(below.length === 0 ? "the record's key" : `${below.join(".")} of its key`, alias);
  }
  if (mode === "strict" && head === "_header") {
    return named(`the header '${below.join(".")}'`, alias);
  }
  if (name === "*") {
    if (parentFields === null) return "all other fields at the top, under their own names";
    return `all fields within ${parentFields.join(".")}, under their own names`;
  }
  if (nested && alias === name) return path.join(".");
  return named(path.join("."), alias);
}

function named(what: string, alias: string): string {
  return alias === "*" ? `all of ${what}` : `${what}, as '${alias}'`;
}

function explainTarget({ target, writeMode, indexSuffix }: Draft, mode: KcqlMode) {
  if (target === null) return [row("writes", "nowhere: a SELECT alone is for sources")];
  const where = indexSuffix === null ? `'${target}'` : dated(target, indexSuffix);
  return [row("writes to", where), row("by", explainMode(writeMode, mode))];
}

function dated(target: string, suffix: string): string {
  const checked = checkSuffix(suffix);
  if (!checked.ok) return `'${target}${suffix}', which has no valid date: ${checked.message}`;
  const ordinary = checked.format(ordinaryDay);
  if (ordinary === checked.format(lastOfYear)) return `'${target}${ordinary}'`;
  const example = `'${target}${suffix}', for example '${target}${ordinary}' for 15 January 2026`;
  if (checkSuffix(suffix, "strict").ok) return example;
  return `${example} and '${target}${checked.format(lastOfYear)}' for 31 December 2018`;
}

function explainMode(writeMode: Draft["writeMode"], mode: KcqlMode): string {
  if (writeMode === "INSERT") return "INSERT: each record is written whole";
  if (writeMode === "UPDATE") return "UPDATE: what is there is changed, nothing is added";
  if (writeMode === null) return "no mode: other parsers forget it in UPSERT PK … INTO";
  return mode === "strict"
    ? "UPSERT: each record is written whole; an older version never replaces a newer one"
    : "UPSERT: fields are merged into what is there, which no replay can repeat safely";
}

function withoutKey({ target }: Draft): string {
  return target === null
    ? "none"
    : "no PK: a record is known by its place in the topic, so one that was sent twice is two";
}

/** Wide enough for the longest keyword that people use. */
const labelWidth = 17;

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}${text}`;
}
