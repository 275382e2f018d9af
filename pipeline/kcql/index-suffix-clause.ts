/**
 * WITHINDEXSUFFIX: one word, of which everything after a dot, a blank or a quote is lost unless it
 * is in backticks.
 */
import { anyWord, type Clause } from "./clause.ts";
import { checkSuffix, mendLetters } from "./index-suffix.ts";
import type { Token } from "./lexer.ts";
import { inBackticks, runFrom, unclosedBackticks, withoutBackticks } from "./names.ts";
import { isWord, nameOf, type TokenReader } from "./token-reader.ts";

export const withIndexSuffix: Clause = {
  keyword: "WITHINDEXSUFFIX",
  read: (reader, draft) => {
    const equals = reader.peek();
    if (!isWord(equals, "=")) refuseMissingEquals(reader, equals);
    reader.take();
    const first = reader.peek();
    const isOpen = first.kind === "junk" && first.text.startsWith("`");
    const hint = isOpen ? unclosedBackticks : "Write it in backticks.";
    const value = reader.expectKind(anyWord, "a suffix", hint);
    draft.indexSuffix = withoutBackticks(value.text);
    noteQuotes(reader, equals, first);
    if (reader.touches()) {
      const message = `the suffix is cut after '${value.text}' at ${nameOf(reader.peek())}`;
      reader.note(reader.peek().at, message, mended(reader, first));
      return;
    }
    const checked = checkSuffix(draft.indexSuffix, "strict");
    if (!checked.ok) reader.note(value.at, checked.message, checked.suggestion);
  },
};

function refuseMissingEquals(reader: TokenReader, token: Token): never {
  const run = runFrom(reader.text, token.at).replace(/[`'"]/g, "");
  const meant = `WITHINDEXSUFFIX=\`${mendLetters(run === "" ? "-{yyyy.MM.dd}" : run)}\``;
  return reader.refuse(token, `missing '=' at ${nameOf(token)}`, `Write ${meant}.`);
}

/**
 * Quotes are dropped like any other character that KCQL does not know: they hold nothing together.
 */
function noteQuotes(reader: TokenReader, equals: Token, value: Token): void {
  const dropped = /\S/.exec(reader.text.slice(equals.end, value.at));
  if (dropped === null) return;
  const at = equals.end + dropped.index;
  const meant = runFrom(reader.text, at).replace(/[`'"]/g, "");
  const message = `'${dropped[0]}' does not quote a suffix: other parsers drop it`;
  reader.note(at, message, `Write \`${mendLetters(meant)}\` in backticks.`);
}

function mended(reader: TokenReader, first: Token): string {
  return mendLetters(inBackticks(reader, first));
}
