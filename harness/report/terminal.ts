/** The terminal behind a stream, or the log file or pipe that is there instead of one. */
import type { WriteStream } from "node:tty";
import type { Terminal } from "./live-view.ts";

const widthWithoutTerminal = 120;

/** A terminal that calls itself dumb cannot move its cursor: it gets plain lines. */
export function terminalOf(
  stream: Pick<WriteStream, "write" | "isTTY" | "columns">,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTTY = stream.isTTY === true && environment["TERM"] !== "dumb";
  return {
    isTTY,
    width: () => (isTTY && stream.columns > 0 ? stream.columns : widthWithoutTerminal),
    write: (text) => {
      stream.write(text);
    },
  };
}
