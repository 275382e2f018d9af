/**
 * What the sensors of a room measure: a daily set-point schedule, heating that follows it, humidity, a battery that
 * drains. Hot path, and closed form: the value at any moment follows from that moment alone, so that reading i needs
 * no reading before it. Not a physics model: plausible numbers, cheap and repeatable.
 */
import type { RawReading } from "../pipeline/contract/reading.ts";
import { changesPerDay, type HomeProfiles, profileCount } from "./home-profiles.ts";
import { drawFrom } from "./scramble.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** A room warms faster than it cools. Time constants of the exponential approach. */
const warmingMs = 40 * minute;
const coolingMs = 150 * minute;
/** e^-x in 65536ths, 16 steps for each unit of x, up to where it rounds to nothing. Integers: alike everywhere. */
const decaySteps = 16;
const decay = Int32Array.from({ length: decaySteps * 12 }, (_, step) =>
  Math.round(65_536 * Math.exp(-step / decaySteps)),
);

export type Room = {
  /**
   * Fills temperature, target, humidity, battery and heating of `into` from `into.at`.
   * `deviceWord`, `homeWord`, `readingWord`: the hashes that stand for the three.
   */
  readonly measure: (
    into: RawReading,
    deviceWord: number,
    homeWord: number,
    readingWord: number,
  ) => void;
  /** Index into `models`: all devices of a home are of one make. */
  readonly modelOf: (homeWord: number) => number;
};

/** `startAt`: epoch ms from which batteries drain. */
export function createRoom(profiles: HomeProfiles, startAt: number): Room {
  function measure(
    into: RawReading,
    deviceWord: number,
    homeWord: number,
    readingWord: number,
  ): void {
    const profile = homeWord & (profileCount - 1);
    const first = profile * changesPerDay;
    // Homes of one profile get up at different minutes, or thousands of rooms would heat in lockstep.
    const shifted = into.at - ((homeWord >>> 10) % 1800) * 1000;
    const time = (shifted - Math.floor(shifted / day) * day) | 0;
    let change = changesPerDay - 1;
    while (change >= 0 && profiles.changeAt[first + change]! > time) change--;
    let since = time;
    if (change < 0) {
      change = changesPerDay - 1;
      since += day;
    }
    since -= profiles.changeAt[first + change]!;
    const target = profiles.target[first + change]!;
    const before = profiles.target[first + ((change + changesPerDay - 1) % changesPerDay)]!;
    // Of whole numbers and constants: the compiler makes a multiplication of each division.
    const steps = since * decaySteps;
    const step = before < target ? (steps / warmingMs) | 0 : (steps / coolingMs) | 0;
    const left = step < decay.length ? ((before - target) * decay[step]!) >> 16 : 0;
    const noise = drawFrom(readingWord, 1);
    // Where the sensor hangs, ± 0.4 °C, and its noise: the sum of two bytes, ± 0.13 °C, small values likelier.
    const place = ((deviceWord >>> 8) % 81) - 40;
    const jitter = (((noise & 0xff) + ((noise >>> 8) & 0xff)) / 20 - 12.75) | 0;
    into.target = target;
    into.temperature = target + left + place + jitter;
    // Warming up it burns all the time, cooling down never, and else now and then to hold the temperature.
    into.heating = left < -20 || (left <= 20 && ((noise >>> 16) & 0xff) < 80);
    const dry = ((into.temperature - 2000) / 40) | 0;
    into.humidity = profiles.humidity[profile]! - dry + ((noise >>> 24) % 3);
    const age = ((into.at - startAt) / ((30 + (deviceWord & 0x3f)) * (day / 10))) | 0;
    into.battery = Math.max(1, 100 - ((deviceWord >>> 20) % 60) - age);
  }

  return { measure, modelOf: (homeWord) => profiles.model[homeWord & (profileCount - 1)]! };
}
