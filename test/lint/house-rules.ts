/** For each rule of the house besides the directions: code that breaks it, and its nearest neighbour that does not. */
export type HouseRule = {
  /** Biome's category; `plugin` is `clock.grit`. */
  readonly rule: string;
  readonly broken: string;
  readonly kept: string;
};

const promise = "async function later(): Promise<void> {}\n";
const side = 'type Side = "left" | "right";\n';

export const houseRules: readonly HouseRule[] = [
  ...[
    ["Date.now()", "Date.UTC(2026, 0, 15)"],
    ["new Date()", "new Date(0)"],
    ["Math.random()", "Math.round(0.5)"],
    ["performance.now()", "performance.timeOrigin"],
    ["process.hrtime()", "process.memoryUsage()"],
    ["setTimeout(() => 1, 5)", "setImmediate(() => 1)"],
    ["setInterval(() => 1, 5)", "queueMicrotask(() => undefined)"],
  ].map(([broken, kept]) => ({
    rule: "plugin",
    broken: `export const at = () => ${broken};`,
    kept: `export const at = () => ${kept};`,
  })),
  {
    rule: "lint/nursery/noFloatingPromises",
    broken: `${promise}later();`,
    kept: `${promise}void later();`,
  },
  {
    rule: "lint/nursery/noMisusedPromises",
    broken: `${promise}export const now = later() ? 1 : 2;`,
    kept: `${promise}export const now = (await later()) === undefined ? 1 : 2;`,
  },
  {
    rule: "lint/nursery/useExhaustiveSwitchCases",
    broken: `${side}export function of(side: Side) { switch (side) { case "left": return 1; } return 0; }`,
    kept: `${side}export function of(side: Side) { switch (side) { case "left": return 1; case "right": return 2; } return 0; }`,
  },
  {
    rule: "lint/suspicious/noExplicitAny",
    broken: "export const raw = (bytes: any) => bytes;",
    kept: "export const raw = (bytes: unknown) => bytes;",
  },
  {
    rule: "lint/style/noEnum",
    broken: "export enum Side { Left }",
    kept: 'export type Side = "left";',
  },
  {
    rule: "lint/style/noParameterProperties",
    broken: "export class Side { constructor(readonly left: number) {} }",
    kept: "export class Side { readonly left: number; constructor(left: number) { this.left = left; } }",
  },
  {
    rule: "lint/style/noDefaultExport",
    broken: "export default 1;",
    kept: "export const one = 1;",
  },
  {
    rule: "lint/style/useImportType",
    broken: 'import { Side } from "./side.ts";\nexport type Pair = [Side, Side];',
    kept: 'import type { Side } from "./side.ts";\nexport type Pair = [Side, Side];',
  },
  {
    rule: "lint/performance/noBarrelFile",
    broken: 'export { left } from "./left.ts";',
    kept: 'import { left } from "./left.ts";\nexport const both = [left, left];',
  },
];
