/** On real sockets of the loopback: what injected requests cannot show. */
import { once } from "node:events";
import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { expect, test } from "vitest";
import { systemClock } from "../../../pipeline/clock.ts";
import { httpLimits } from "../../../pipeline/http/limits.ts";
import { type HttpOptions, parseListen, startHttp } from "../../../pipeline/http/start-http.ts";
import { silent } from "./silent-log.ts";

const listen = "127.0.0.1:0";

function options(routes: (app: FastifyInstance) => void = () => undefined): HttpOptions {
  return { listen, log: silent, clock: systemClock, routes };
}

/** All that the server says to these bytes until it closes the connection. */
async function say(url: string, text: string): Promise<string> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    heard += chunk;
  });
  socket.write(text);
  await once(socket, "close");
  return heard;
}

test("the address that it got is told, and it answers there until it is closed", async () => {
  const server = await startHttp(options((app) => app.get("/a", async () => ({ b: 1 }))));
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(await (await fetch(`${server.url}/a`)).json()).toEqual({ b: 1 });
  await server.close();
  await server.close();
  await expect(fetch(`${server.url}/a`)).rejects.toThrow("fetch failed");
});

test("a port in use, and an address that is none, are refused with a sentence", async () => {
  const server = await startHttp(options());
  const { host } = new URL(server.url);
  await expect(startHttp({ ...options(), listen: host })).rejects.toMatchObject({
    code: "listen-failed",
    message: `Cannot listen on ${host}: the port is in use; choose another, or port 0 for any.`,
  });
  await server.close();
  await expect(startHttp({ ...options(), listen: "192.0.2.1:0" })).rejects.toMatchObject({
    code: "listen-failed",
  });
});

test.each(["", "8083", ":8083", "127.0.0.1", "127.0.0.1:65536", "a b:1", "::1:80", "a:1/x"])(
  "%j is not HOST:PORT",
  (text) => {
    expect(() => parseListen(text)).toThrow(/write HOST:PORT/);
  },
);

test("a host has a name, an IPv4 address or an IPv6 one in brackets", () => {
  expect(parseListen("localhost:8083")).toEqual({ host: "localhost", port: 8083 });
  expect(parseListen("0.0.0.0:0")).toEqual({ host: "0.0.0.0", port: 0 });
  expect(parseListen("[::1]:80")).toEqual({ host: "::1", port: 80 });
});

test("closing waits for an answer under way", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<object>();
  const server = await startHttp(
    options((app) =>
      app.get("/slow", () => {
        asked.resolve();
        return answer.promise;
      }),
    ),
  );
  const response = fetch(`${server.url}/slow`);
  await asked.promise;
  const closed = server.close();
  answer.resolve({ done: true });
  expect(await (await response).json()).toEqual({ done: true });
  await closed;
});

test("closing does not wait for ever: an answer that never comes is cut off", async () => {
  const asked = Promise.withResolvers<void>();
  const stop = new AbortController();
  const server = await startHttp({
    ...options((app) =>
      app.get("/never", () => {
        asked.resolve();
        return new Promise<object>(() => undefined);
      }),
    ),
    limits: { ...httpLimits, closeMs: 20 },
    signal: stop.signal,
  });
  const response = fetch(`${server.url}/never`);
  await asked.promise;
  stop.abort();
  await expect(response).rejects.toThrow("fetch failed");
  await server.close();
});

test("a signal that is aborted already leaves nothing open", async () => {
  const server = await startHttp({ ...options(), signal: AbortSignal.abort() });
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

test("a request that does not come in whole is 408, what is no HTTP 400, headers too large 431", async () => {
  const limits = { ...httpLimits, requestMs: 50 };
  const routes = (app: FastifyInstance): void => void app.put("/a", async () => ({}));
  const server = await startHttp({ ...options(routes), limits });
  const head = "PUT /a HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
  expect(await say(server.url, `${head}content-length: 10\r\n\r\n{"a"`)).toMatch(
    /^HTTP\/1\.1 408 .*\{"error_code":408,"message":"Request Timeout"\}$/s,
  );
  expect(await say(server.url, "hello\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 400 .*\{"error_code":400,"message":"Bad Request"\}$/s,
  );
  expect(await say(server.url, `${head}x: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 .*\{"error_code":431,/s,
  );
  await server.close();
});
