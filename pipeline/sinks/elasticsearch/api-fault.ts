/** What an error of the API means for the job, in a sentence. Pure. */
import { SinkError } from "../sink.ts";
import { blockType, ElasticsearchApiError, isPassing } from "./api.ts";

/** `what` could not be done, because of `cause`; one that is a `SinkError` already stays as it is. */
export function asSinkError(what: string, cause: unknown): SinkError {
  if (cause instanceof SinkError) return cause;
  if (!(cause instanceof ElasticsearchApiError)) throw cause;
  const { status, type, message } = cause;
  if (status === 401) {
    const keys = "connect.elastic.use.http.username and connect.elastic.use.http.password";
    return new SinkError("refused", `${what}: Elasticsearch refuses ${keys}: ${message}`, {
      cause,
    });
  }
  if (type === blockType || isPassing(status)) {
    return new SinkError("unavailable", `${what}, for now: ${message}`, { cause });
  }
  if (status === 403) {
    const who = "the user of connect.elastic.use.http.username lacks a privilege";
    return new SinkError("refused", `${what}: ${who}: ${message}`, { cause });
  }
  return new SinkError("refused", `${what}: ${message}`, { cause });
}
