/** Commits what is noted, and ends the work when another member owns the partitions by now. */
import type { Work } from "./assignment-work.ts";

/** Errors: `KafkaError` when it is no use to ask again. */
export async function commitNow({
  commits,
  crashPoint,
  end,
}: Pick<Work, "commits" | "crashPoint" | "end">): Promise<void> {
  await crashPoint?.("before-commit");
  if ((await commits.commit()) === "evicted") end();
  await crashPoint?.("after-commit");
}
