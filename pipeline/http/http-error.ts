/** What a client did wrong, or may ask again for, as an answer: `{"error_code": 404, "message": "…"}`. */

export class HttpError extends Error {
  readonly code = "http-error";
  readonly status: number;

  constructor(status: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}

/** Connect's form of an error, the only one that is sent. */
export function errorBody(
  status: number,
  message: string,
): { error_code: number; message: string } {
  return { error_code: status, message };
}

/** The server did not come up: the port is in use, or the address is not this machine's. */
export class ListenError extends Error {
  readonly code = "listen-failed";

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "ListenError";
  }
}
