/**
 * Texts for reports. Device names, keys, exception texts and scenarios come from outside: whatever is put into a
 * page, an XML file or a Markdown summary goes through here. HTML and SVG are made with `markup`, which escapes all
 * that is not markup already: to forget it is not possible.
 */
import { harmless } from "./terminal-text.ts";

/** Text that is markup already. Only `markup` and `rawMarkup` make it. */
export type Markup = { readonly markup: string };

type Part = string | number | Markup | undefined | readonly Part[];

/** Strings and numbers are escaped, markup goes through as it is, lists are joined, undefined is nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, at) => text + rendered(parts[at])).join("") };
}

/** For texts of our own that hold what looks like markup: the style sheet. Never for anything from outside. */
export function rawMarkup(text: string): Markup {
  return { markup: text };
}

function rendered(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeMarkup(String(part));
  return "markup" in part ? part.markup : part.map(rendered).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * For text and quoted attributes of HTML, SVG and XML 1.0 alike. Line breaks and tabs stay; other control
 * characters, marks that turn the direction of writing, halves of surrogate pairs and what is no character at all
 * do not. Source: XML 1.0, section 2.2.
 */
export function escapeMarkup(text: string): string {
  return harmlessLines(text).replace(/[&<>"'`]/g, (character) => entities[character]!);
}

/** A cell of a Markdown table, or a line of its text. Source: GitHub Flavored Markdown, sections 2.4 and 4.10. */
export function escapeMarkdown(text: string): string {
  return harmlessLines(text)
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()#!|~]/g, "\\$&")
    .replace(/@/g, "@\u200b") // Nobody is called by a text that came from outside.
    .replace(/:\/\/|www\./gi, (address) => `${address[0]}\u200b${address.slice(1)}`);
}

function harmlessLines(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .split("\n")
    .map((line) => line.split("\t").map(harmless).join("\t"))
    .join("\n");
}

/** At most `max` characters, and whole ones. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
