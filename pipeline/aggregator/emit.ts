/**
 * Writes a window as the record of `temperatures.aggregated`. The contract's `encodeAggregate` is the slow,
 * obvious counterpart: the bytes are equal. Tens of thousands of windows close at once, so what all windows
 * of one start share is made once, and the device's text is copied, not decoded.
 */
import { writeJsonText } from "../contract/json-text.ts";
import { models } from "../contract/reading.ts";
import { digestText } from "./digest.ts";
import type { WindowFold } from "./fold.ts";
import type { Outbox } from "./outbox.ts";

/** Room for everything but the device's text: numbers are at most 24 characters. */
const fixedBytes = 640;
/** A byte takes at most six once JSON has escaped it. */
const escapedBytes = 6;

const head = Buffer.from('{"device":{"id":"', "latin1");
const homeName = Buffer.from('","home":"', "latin1");

export type AggregateEmitter = (fold: WindowFold, window: number) => void;

/** An emitter that appends to `outbox`, with the device id as the key. */
export function createEmitter(outbox: Outbox): AggregateEmitter {
  let scratch = Buffer.alloc(2048);
  let startOfText = Number.NaN;
  let windowText = "";

  return (fold, window) => {
    const { devices, windows, config } = fold;
    const device = windows.device[window]!;
    const idStart = devices.idStart[device]!;
    const idEnd = devices.idEnd[device]!;
    const homeStart = devices.homeStart[device]!;
    const homeEnd = devices.homeEnd[device]!;
    const needed = fixedBytes + escapedBytes * (idEnd - idStart + homeEnd - homeStart);
    if (needed > scratch.length) scratch = Buffer.alloc(needed * 2);

    const start = windows.start[window]!;
    const end = start + config.size;
    if (start !== startOfText) {
      startOfText = start;
      const day = new Date(start).toISOString().split("T")[0];
      windowText = `"},"window":{"start":${start},"end":${end},"day":"${day}"},"count":`;
    }
    const count = windows.count[window]!;
    const sum = windows.sum[window]!;
    const digest = digestText(windows.digestHi[window]!, windows.digestLo[window]!);

    head.copy(scratch, 0);
    let at = writeJsonText(scratch, head.length, devices.text, idStart, idEnd);
    homeName.copy(scratch, at);
    at = writeJsonText(scratch, at + homeName.length, devices.text, homeStart, homeEnd);
    at += scratch.write(
      `","model":"${models[devices.model[device]!]}${windowText}${count},` +
        `"temperature":{"min":${windows.min[window]! / 100},"max":${windows.max[window]! / 100},` +
        `"mean":${sum / count / 100},"sum":${sum}},"revision":${count},` +
        `"version":${end * 1000 + count},"digest":"${digest}"}`,
      at,
      "latin1",
    );
    outbox.append(devices.text, idStart, idEnd, scratch, 0, at);
  };
}
