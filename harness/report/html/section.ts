/** The pieces of the page: a section with its heading, and a table that scrolls in its own box. */
import { type Markup, markup } from "../escape.ts";

export function section(
  id: string,
  title: string,
  ...body: readonly (Markup | undefined)[]
): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${body}</section>\n`;
}

export type Cell = string | Markup;

/** The first cell of a row is its heading. `numbers`: columns after it stand to the right. */
export function table(options: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly numbers?: boolean;
}): Markup {
  const { caption, head, rows, numbers } = options;
  const heads = head.map((name) => markup`<th scope="col">${name}</th>`);
  const body = rows.map(([name, ...cells]) => {
    const rest = cells.map((cell) => markup`<td>${cell}</td>`);
    return markup`<tr><th scope="row">${name}</th>${rest}</tr>\n`;
  });
  // A box that scrolls can be reached by the keyboard, and says what it is.
  return markup`<div class="box" tabindex="0" role="region" aria-label="${caption}"><table${numbers ? markup` class="numbers"` : undefined}><caption><span>${caption}</span></caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>\n`;
}

/** A mark that does not live by its colour alone. */
export function mark(ok: boolean | "open"): Markup {
  if (ok === "open") return markup`<span class="open">? undecided</span>`;
  return ok ? markup`<span class="good">✓ holds</span>` : markup`<span class="bad">✗ broken</span>`;
}

export function list(items: readonly Cell[]): Markup {
  return markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>\n`;
}
