/**
 * Which readings stand at some positions of a partition's plan. What the audit put on file of the log's missing end is
 * read there; else the plan is walked from its start, once for all of them: for findings only.
 */
import { type PlainSend, visitSends } from "../expected/visit-sends.ts";
import type { WholeFacts } from "../facts/run-facts.ts";

/** With what the reading calls itself. */
export type NamedSend = PlainSend & { readonly boot: number; readonly seq: number };

/** The sends at `positions`, in their order; what lies past the plan's end is left out. */
export function nameSends(
  { plan, audit }: Pick<WholeFacts, "plan" | "audit">,
  partition: number,
  positions: ReadonlySet<number>,
): readonly NamedSend[] {
  const tail = audit.partitions.find((each) => each.partition === partition)?.tailSends ?? [];
  const onFile = tail.filter(({ position }) => positions.has(position));
  const named = onFile.length === positions.size ? onFile : walked();
  return named.map((send) => ({ ...send, ...plan.readingId(send.device, send.index) }));

  function walked(): readonly PlainSend[] {
    const found: PlainSend[] = [];
    visitSends(
      plan,
      partition,
      audit.cutAt,
      (position, device, index, copy) => {
        if (positions.has(position)) found.push({ position, device, index, copy });
      },
      () => found.length === positions.size,
    );
    return found;
  }
}
