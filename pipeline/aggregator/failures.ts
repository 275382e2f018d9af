/** Which errors of Kafka end the job, and which only end what it was doing. */
import { KafkaError } from "../kafka/port.ts";

/** The log is still true, only the way to it was broken: roll back to the last commit and go on. */
export function recoverable(error: unknown): boolean {
  if (!(error instanceof KafkaError)) return false;
  switch (error.code) {
    case "unavailable":
    case "fenced":
    // A broker that has forgotten this producer refuses its sequence; a new producer begins a new one.
    case "refused":
      return true;
    case "rebalance":
    case "membership-lost":
    case "illegal-generation":
      return true;
    case "offset-out-of-range":
    case "unknown-topic":
    case "group-not-empty":
    case "unauthorized":
    case "corrupt":
    case "closed":
      return false;
  }
}

/** The group has gone on: the next assignment has to be asked for before anything else. */
export function reassigned(error: unknown): boolean {
  if (!(error instanceof KafkaError)) return false;
  const { code } = error;
  return code === "rebalance" || code === "membership-lost" || code === "illegal-generation";
}
