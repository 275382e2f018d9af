/**
 * From a text to what it says. `parseGenuine` answers as the genuine parser
 * (`com.datamountaineer:kcql:2.8.7`) does, with a note of everything that this one swallows in
 * silence; `parseKcql` makes of it what the sinks run: in strict mode the first note is a refusal,
 * in compat mode the notes are warnings.
 */
import { type ParsedStatement, parseStatement } from "./parse-statement.ts";
import type { KcqlFault, Statement } from "./statement.ts";
import { describeFault, placeIn } from "./text-position.ts";
import { toStatement } from "./to-statement.ts";
import type { Carelessness } from "./token-reader.ts";

export type KcqlMode = "strict" | "compat";

export type Parsed =
  | {
      readonly ok: true;
      /** At least one. */
      readonly statements: readonly Statement[];
      /** What other parsers swallow, in whole lines; only in compat mode, at most `maxWarnings`. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly fault: KcqlFault };

export type GenuineParsed =
  | {
      readonly ok: true;
      /** One for each piece between `;`; none for `;` alone. */
      readonly statements: readonly ParsedStatement[];
      /** In the order of the text. */
      readonly careless: readonly Carelessness[];
    }
  | {
      readonly ok: false;
      readonly fault: KcqlFault;
      readonly careless: readonly Carelessness[];
    };

/** Longer texts are no statements that a person wrote. */
const maxLength = 64 * 1024;

/** More would bury the first, which most often explains the others. */
const maxWarnings = 20;

/** At least one statement, or why not: the first fault, in text order. */
export function parseKcql(text: string, mode: KcqlMode = "strict"): Parsed {
  const place = placeIn(text);
  const genuine = parseGenuine(text);
  const [slip] = genuine.careless;
  if (mode === "strict" && slip !== undefined) return { ok: false, fault: place(slip) };
  if (!genuine.ok) return genuine;
  if (genuine.statements.length === 0) {
    const suggestion = "INSERT INTO … SELECT … FROM …";
    const message = "there is no statement in this text";
    return { ok: false, fault: place({ offset: 0, message, suggestion }) };
  }
  const statements: Statement[] = [];
  for (const parsed of genuine.statements) {
    const made = toStatement(parsed, mode);
    if (!made.ok) return { ok: false, fault: place(made.fault) };
    statements.push(made.statement);
  }
  const warnings = genuine.careless.slice(0, maxWarnings).map((one) => describeFault(place(one)));
  return { ok: true, statements, warnings };
}

/**
 * What the genuine parser and the connector that splits the text for it make of it, and what they
 * swallow.
 */
export function parseGenuine(text: string): GenuineParsed {
  if (text.length > maxLength) {
    const message = `the text has ${text.length} characters; ${maxLength} are allowed`;
    const fault = { message, suggestion: undefined, offset: 0, line: 1, column: 1 };
    return { ok: false, fault, careless: [] };
  }
  const statements: ParsedStatement[] = [];
  const careless: Carelessness[] = [];
  for (const { piece, offset } of split(text)) {
    const result = parseStatement(text, piece, offset);
    if (!result.ok) {
      careless.push(...result.careless);
      return { ok: false, fault: placeIn(text)(result.fault), careless };
    }
    statements.push(result.parsed);
    careless.push(...result.parsed.careless);
  }
  return { ok: true, statements, careless };
}

/**
 * Java's `split(";")`: also within backticks; empty pieces at the end vanish, but for a text that
 * is empty.
 */
function split(text: string): readonly { readonly piece: string; readonly offset: number }[] {
  const texts = text.split(";");
  while (texts.length > 1 && texts.at(-1) === "") texts.pop();
  if (texts[0] === "" && texts.length === 1 && text !== "") return [];
  let offset = 0;
  return texts.map((piece) => {
    const at = offset;
    offset += piece.length + 1;
    return { piece, offset: at };
  });
}
