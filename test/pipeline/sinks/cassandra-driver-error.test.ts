/** What each failure of the driver is taken for. */
import cassandra from "cassandra-driver";
import { expect, test } from "vitest";
import { apiError } from "../../../pipeline/sinks/cassandra/driver-error.ts";

const { errors, types } = cassandra;
const codes = types.responseErrorCodes;

const refused = { passing: false, overloaded: false, definite: true };
const unknown = { passing: true, overloaded: false, definite: false };
const untried = { passing: true, overloaded: false, definite: true };
const busy = { passing: true, overloaded: true, definite: true };

test.each([
  ["unavailableException", untried],
  ["isBootstrapping", untried],
  ["overloaded", busy],
  ["writeTimeout", unknown],
  ["writeFailure", unknown],
  ["serverError", unknown],
  ["truncateError", unknown],
  ["invalid", refused],
  ["syntaxError", refused],
  ["unauthorized", refused],
  ["protocolError", refused],
  ["badCredentials", refused],
] as const)("Cassandra's answer %s", (name, expected) => {
  expect(apiError(new errors.ResponseError(codes[name], "because"))).toMatchObject(expected);
});

test.each([
  ["a time-out", new errors.OperationTimedOutError("no answer", "host"), unknown],
  ["a broken connection", new Error("ECONNRESET"), unknown],
  ["a value that cannot be encoded", new TypeError("not a valid text"), refused],
  ["an unknown data center", new errors.ArgumentError("localDataCenter"), refused],
  ["a full queue", new errors.BusyConnectionError("host", 2048, 1), busy],
  ["no host", noHost(new Error("ECONNREFUSED")), unknown],
  ["no host that is not busy", noHost(new errors.BusyConnectionError("host", 2048, 1)), busy],
  [
    "no host after one was busy",
    noHost(new Error(), new errors.BusyConnectionError("", 1, 1)),
    unknown,
  ],
] as const)("%s", (_, error, expected) => {
  expect(apiError(error)).toMatchObject(expected);
});

test("refused credentials name the settings, wherever the driver hides them", () => {
  const refusal = new errors.AuthenticationError(
    "Provided username x and/or password are incorrect",
  );
  for (const error of [refusal, noHost(refusal)]) {
    expect(apiError(error)).toMatchObject({
      ...refused,
      message: expect.stringMatching(
        /^Cassandra refuses connect.cassandra.username and connect.cassandra.password: Provided/,
      ),
    });
  }
});

function noHost(...causes: Error[]): cassandra.errors.NoHostAvailableError {
  const inner = Object.fromEntries(causes.map((cause, at) => [`10.0.0.${at}:9042`, cause]));
  return new errors.NoHostAvailableError(inner, "All host(s) tried for query failed");
}
