/** Lines and columns of a text, and a fault there as one line. */
import type { KcqlFault } from "./statement.ts";
import type { Carelessness } from "./token-reader.ts";

/** Makes faults of slips in `text`: O(length) once, then by binary search. */
export function placeIn(text: string): (slip: Carelessness) => KcqlFault {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return ({ offset, message, suggestion }) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { message, suggestion, offset, line: low + 1, column: offset - starts[low]! + 1 };
  };
}

/** One line for a log or a config error: where, what, and what instead. */
export function describeFault(fault: KcqlFault): string {
  const said = `line ${fault.line}, column ${fault.column}: ${fault.message}`;
  return fault.suggestion === undefined ? said : `${said}. ${fault.suggestion}`;
}
