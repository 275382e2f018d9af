/** What an error of the driver means: may asking again help, or did Cassandra refuse? */
import cassandra from "cassandra-driver";
import { CassandraApiError } from "./api.ts";

const { errors, types } = cassandra;

/** From this error code on, Cassandra says that the request itself is wrong (protocol, section 9). */
const firstRefusal = 0x2000;

export function apiError(error: unknown): CassandraApiError {
  const message = `Cassandra: ${messageOf(error)}`;
  if (error instanceof errors.ResponseError) {
    const { code } = error;
    const { overloaded, badCredentials, protocolError } = types.responseErrorCodes;
    const passing = code < firstRefusal && code !== badCredentials && code !== protocolError;
    return new CassandraApiError(message, {
      passing,
      overloaded: code === overloaded,
      cause: error,
    });
  }
  if (error instanceof errors.NoHostAvailableError) {
    const hosts = Object.entries(error.innerErrors ?? {});
    const refused = hosts.some(([, inner]) => inner instanceof errors.AuthenticationError);
    // The driver's own message holds whole stack traces.
    const each = hosts.map(([host, inner]) => `${host}: ${messageOf(inner)}`).join("; ");
    const text = `Cassandra: no host answers${each === "" ? "" : ` (${each})`}`;
    return new CassandraApiError(text, { passing: !refused, cause: error });
  }
  // The driver's own refusal to encode a value is definite; anything else (time-outs, aborts) is not.
  const refused =
    error instanceof TypeError ||
    error instanceof errors.ArgumentError ||
    error instanceof errors.AuthenticationError;
  return new CassandraApiError(message, { passing: !refused, cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
