import { expect, test } from "vitest";
import { styleSheet } from "../../../../harness/report/html/style.ts";

const [light, dark] = [...styleSheet.matchAll(/:root \{[^}]*\}/g)].map(([block]) =>
  Object.fromEntries(
    [...block.matchAll(/--([\w]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name!, hex!]),
  ),
);

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

test.each([
  ["light", light!],
  ["dark", dark!],
])(
  "in %s, text differs from its ground by 4.5 to 1, and lines of charts by 3 to 1",
  (_, colours) => {
    for (const ground of [colours["ground"]!, colours["panel"]!]) {
      for (const text of ["text", "soft", "good", "bad", "open", "link"]) {
        expect(contrast(colours[text]!, ground), text).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const line of ["c0", "c1", "c2", "c3", "c4", "c5", "band"]) {
      expect(contrast(colours[line]!, colours["ground"]!), line).toBeGreaterThanOrEqual(3);
    }
  },
);

test("both schemes name the same colours", () => {
  expect(Object.keys(dark!)).toEqual(Object.keys(light!));
});
