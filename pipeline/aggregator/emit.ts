/**
 * Writes a window as the record of `temperatures.aggregated`. The contract's `encodeAggregate` is the slow,
 * obvious counterpart: the bytes are equal. Tens of thousands of windows close at once, so what all windows
 * of one start share is made once, and the device's text is copied, not decoded.
 */
import { writeJsonText } from "../contract/json-text.ts";
import { models } from "../contract/reading.ts";
import { deviceField, rowOf } from "./device-rows.ts";
import { writeDigest } from "./digest.ts";
import type { WindowFold } from "./fold.ts";
import type { Outbox } from "./outbox.ts";
import { field, sumOf } from "./window-store.ts";

/** Room for everything but the device's text: numbers are at most 24 characters. */
const fixedBytes = 640;
/** A byte takes at most six once JSON has escaped it. */
const escapedBytes = 6;

const quote = 0x22;
const brace = 0x7d;
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
    const { cells } = windows;
    const row = window * windows.words;
    const device = rowOf(cells[row + field.device]!);
    const idStart = devices.cells[device + deviceField.idStart]!;
    const homeStart = devices.cells[device + deviceField.homeStart]!;
    const homeEnd = devices.cells[device + deviceField.homeEnd]!;
    const idEnd = homeStart;
    const needed = fixedBytes + escapedBytes * (homeEnd - idStart);
    if (needed > scratch.length) scratch = Buffer.alloc(needed * 2);

    const { start } = fold.buckets.byNumber[cells[row + field.bucket]! >>> 2]!;
    const end = start + config.size;
    if (start !== startOfText) {
      startOfText = start;
      const day = new Date(start).toISOString().split("T")[0];
      windowText = `"},"window":{"start":${start},"end":${end},"day":"${day}"},"count":`;
    }
    const count = cells[row + field.count]!;
    const sum = sumOf(windows, window);

    head.copy(scratch, 0);
    let at = writeJsonText(scratch, head.length, devices.text, idStart, idEnd);
    homeName.copy(scratch, at);
    at = writeJsonText(scratch, at + homeName.length, devices.text, homeStart, homeEnd);
    at += scratch.write(
      `","model":"${models[devices.cells[device + deviceField.model]!]}${windowText}${count},` +
        `"temperature":{"min":${cells[row + field.min]! / 100},"max":${cells[row + field.max]! / 100},` +
        `"mean":${sum / count / 100},"sum":${sum}},"revision":${count},` +
        `"version":${end * 1000 + count},"digest":"`,
      at,
      "latin1",
    );
    at = writeDigest(scratch, at, cells[row + field.digestHi]!, cells[row + field.digestLo]!);
    scratch[at++] = quote;
    scratch[at++] = brace;
    outbox.append(devices.text, idStart, idEnd, scratch, 0, at);
  };
}
