/** What refusals of the herder and of a store are in HTTP: Connect's codes, their own sentences. */
import { HttpError } from "../../http/http-error.ts";
import { SinkError, type SinkErrorCode } from "../../sinks/sink.ts";
import { HerderError, type HerderErrorCode } from "../worker/herder.ts";

const ofHerder = {
  "not-found": 404,
  exists: 409,
  invalid: 400,
  "wrong-state": 400,
  "not-ready": 409,
  unavailable: 503,
} as const satisfies Record<HerderErrorCode, number>;

/** The store is behind us, as behind a gateway: the request was right. */
const ofSink = { unavailable: 503, refused: 502 } as const satisfies Record<SinkErrorCode, number>;

export function explainError(error: unknown): HttpError | undefined {
  if (error instanceof HerderError) {
    return new HttpError(ofHerder[error.code], error.message, { cause: error });
  }
  if (error instanceof SinkError) {
    return new HttpError(ofSink[error.code], error.message, { cause: error });
  }
  return undefined;
}
