import fc from "fast-check";
import { expect, test } from "vitest";
import {
  escapeMarkdown,
  escapeMarkup,
  markup,
  rawMarkup,
  shortened,
} from "../../../harness/report/escape.ts";
import { hostileTexts } from "./report-fixture.ts";

const anyText = fc.string({ unit: "binary" });
// Source: XML 1.0, production 2 (Char).
const legal = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

test("no text becomes markup, ends an attribute, or holds what XML forbids", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeMarkup(text);
      expect(escaped).not.toMatch(/[<>"'`]/);
      expect(escaped.replace(/&(amp|lt|gt|quot|#39|#96);/g, "")).not.toContain("&");
      expect(escaped).toMatch(legal);
    }),
  );
});

test("what has nothing to be escaped stays as it is, line breaks and tabs too", () => {
  expect(escapeMarkup("t-0000042: 18.92 °C\n\tnext")).toBe("t-0000042: 18.92 °C\n\tnext");
});

test("a device that turns the direction of writing or moves a cursor does neither", () => {
  expect(escapeMarkup("a\u202eb\u001b[2Jc\u0000\ud800")).toBe("a b [2Jc \ufffd");
});

test("markup within markup stays, text within it is escaped, lists are joined, undefined is nothing", () => {
  const inner = markup`<b>${"<i>"}</b>`;
  expect(markup`${inner}${[1, "&", undefined, [rawMarkup("<hr>")]]}`.markup).toBe(
    "<b>&lt;i&gt;</b>1&amp;<hr>",
  );
});

test("a Markdown cell holds no cell border, code, link, heading, HTML or line break of its text", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
      const bare = escapeMarkdown(text).replace(/\\[\\`*_{}[\]()#!|~]/g, "");
      expect(bare).not.toMatch(/[`|[\]<>\n\r#]/);
      expect(bare).not.toMatch(/:\/\/|www\./i);
      expect(bare).not.toMatch(/@(?!\u200b)/);
    }),
  );
});

test("a shortened text is no longer than asked and ends in whole characters", () => {
  expect(shortened("abcdef", 6)).toBe("abcdef");
  expect(shortened("abcdef", 4)).toBe("abc…");
  expect(shortened("ab😀cd", 4).isWellFormed()).toBe(true);
});
