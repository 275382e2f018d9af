/** What an error of the driver means: may asking again help, and did Cassandra surely not write? */
import cassandra from "cassandra-driver";
import { CassandraApiError } from "./api.ts";

const { errors, types } = cassandra;
const codes = types.responseErrorCodes;

/** From this code on, Cassandra says that the request itself is wrong (protocol, section 9). */
const firstRefusal = 0x2000;

/**
 * The coordinator tells that it did not try: too few replicas, too much to do, not yet part of the
 * ring. After a write time-out or failure nobody knows. The driver asks each request once
 * (`driver-api.ts`), so that this is all there was.
 */
const untried: ReadonlySet<number> = new Set([
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
]);

export function apiError(error: unknown): CassandraApiError {
  if (error instanceof CassandraApiError) return error;
  const message = `Cassandra: ${messageOf(error)}`;
  if (error instanceof errors.ResponseError) {
    const { code } = error;
    if (code === codes.badCredentials) return badCredentials(error, error);
    const passing = code < firstRefusal && code !== codes.protocolError;
    return new CassandraApiError(message, {
      passing,
      overloaded: code === codes.overloaded,
      definite: !passing || untried.has(code),
      cause: error,
    });
  }
  if (error instanceof errors.AuthenticationError) return badCredentials(error, error);
  if (error instanceof errors.BusyConnectionError) return tooBusy(message, error);
  if (error instanceof errors.NoHostAvailableError) return noHost(error);
  // The driver's own refusal to encode a value is definite; a time-out or broken connection is not.
  const refused = error instanceof TypeError || error instanceof errors.ArgumentError;
  return new CassandraApiError(message, { passing: !refused, cause: error });
}

function noHost(error: cassandra.errors.NoHostAvailableError): CassandraApiError {
  const hosts = Object.entries(error.innerErrors ?? {});
  const inner = hosts.map(([, cause]) => cause as unknown);
  const refusal = inner.find((cause) => cause instanceof errors.AuthenticationError);
  if (refusal !== undefined) return badCredentials(refusal, error);
  // The driver's own message holds whole stack traces.
  const each = hosts.map(([host, cause]) => `${host}: ${messageOf(cause)}`).join("; ");
  const message = `Cassandra: no host answers${each === "" ? "" : ` (${each})`}`;
  const isBusy =
    inner.length > 0 && inner.every((one) => one instanceof errors.BusyConnectionError);
  if (isBusy) return tooBusy(message, error);
  return new CassandraApiError(message, { passing: true, cause: error });
}

/** Never sent: the driver's own queue is full. */
function tooBusy(message: string, cause: unknown): CassandraApiError {
  return new CassandraApiError(message, { passing: true, overloaded: true, definite: true, cause });
}

function badCredentials(refusal: unknown, cause: unknown): CassandraApiError {
  const settings = "connect.cassandra.username and connect.cassandra.password";
  const message = `Cassandra refuses ${settings}: ${messageOf(refusal)}`;
  return new CassandraApiError(message, { passing: false, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
