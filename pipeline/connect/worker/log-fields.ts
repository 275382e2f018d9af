/** A logger whose every line says whose it is: worker, job, task. */
import type { Logger } from "../../logger.ts";

export function withFields(log: Logger, own: Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (fields, message) => log.debug({ ...own, ...fields }, message),
    info: (fields, message) => log.info({ ...own, ...fields }, message),
    warn: (fields, message) => log.warn({ ...own, ...fields }, message),
    error: (fields, message) => log.error({ ...own, ...fields }, message),
  };
}
