/**
 * Which colour a line has: one for each part of the path, the same in all charts, so that the eye finds it again. A
 * second process of a part, and the server that a job writes into, have its colour with dashes. Pure.
 */

/** So many colours; the style sheet has them as `c0` to `c5`. */
export const colours = 6;

const parts: readonly RegExp[] = [
  /^(fleet|send ?lag|simulator)/i,
  /^(raw topic|publish|observer|kafka)/,
  /^aggregat/,
  /elasticsearch/,
  /cassandra/,
];

const dashed = /^(kafka|elasticsearch|cassandra)$|-new|-[1-9]\d*$/;

/** 0 to 11; from 6 on dashed. `isProcess`: the name is one of a process, where servers stand beside jobs. */
export function colourOf(name: string, isProcess = false): number {
  const found = parts.findIndex((part) => part.test(name));
  const part = found === -1 ? colours - 1 : found;
  const isSecond = isProcess ? dashed.test(name) : /-new/.test(name);
  return isSecond ? part + colours : part;
}
