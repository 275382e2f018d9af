/**
 * Asks now and then where the log ends, so that the lag stays true while nothing is fetched: a task
 * that is paused, or waits for its store, would otherwise show the lag that it had when it stopped
 * reading.
 */
import { aborted } from "../../aborted.ts";
import { KafkaError } from "../../kafka/port.ts";
import type { Work } from "./assignment-work.ts";

const everyMs = 5_000;

/**
 * Until the work ends. Never rejects for Kafka's sake: those who read and commit see its outages
 * themselves.
 */
export async function watchLag(
  topic: string,
  partitions: readonly number[],
  { kafka, config, clock, log, lag, ending }: Work,
): Promise<void> {
  const over = aborted(ending);
  while (!ending.aborted) {
    await clock.sleep(everyMs, ending).catch(() => {}); // woken early only by the end
    if (ending.aborted) return;
    const asked = kafka.log.endOffsets(topic, partitions, config.consumer.isolation);
    try {
      const ends = await Promise.race([asked, over]);
      if (ends !== undefined) lag.sawEnds(topic, ends);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      log.debug({ cause: error.message }, "the log's end was not told");
    } finally {
      asked.catch(() => {}); // once the work is over nobody waits for it
    }
  }
}
