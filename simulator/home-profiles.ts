/**
 * A pool of believable households, made once by faker from the run's seed; a home picks one by hash. Faker costs
 * microseconds a value, so nothing on the hot path calls it. Flat arrays, because readings look in there a million
 * times a second.
 */
import { faker } from "@faker-js/faker/locale/base";
import { models } from "../pipeline/contract/reading.ts";

/** A power of two: picking one by hash is a mask. */
export const profileCount = 256;
/** Set-point changes a day: up, out of the house, back home, to bed. */
export const changesPerDay = 4;

export type HomeProfiles = {
  /** Milliseconds of the (UTC) day of each change, ascending; `profile × changesPerDay + change`. */
  readonly changeAt: Int32Array;
  /** Hundredths of a degree from that change on. */
  readonly target: Int32Array;
  /** Per cent of a room that stands at 20 °C. */
  readonly humidity: Int32Array;
  /** Index into `models`. */
  readonly model: Uint8Array;
};

export function createHomeProfiles(seed: number): HomeProfiles {
  faker.seed([seed % 0x1_0000_0000, Math.floor(seed / 0x1_0000_0000)]);
  const profiles: HomeProfiles = {
    changeAt: new Int32Array(profileCount * changesPerDay),
    target: new Int32Array(profileCount * changesPerDay),
    humidity: new Int32Array(profileCount),
    model: new Uint8Array(profileCount),
  };
  for (let profile = 0; profile < profileCount; profile++) {
    const comfort = degrees(18.5, 21.5);
    const away = faker.datatype.boolean(0.7) ? degrees(15.5, 17.5) : comfort;
    profiles.target.set([comfort, away, comfort, degrees(15, 18)], profile * changesPerDay);
    profiles.changeAt.set(
      [hour(5.5, 7.5), hour(7.75, 9.5), hour(15.5, 18.5), hour(21, 23)],
      profile * changesPerDay,
    );
    profiles.humidity[profile] = faker.number.int({ min: 38, max: 52 });
    profiles.model[profile] = models.indexOf(model());
  }
  return profiles;
}

/** Thermostats show half degrees; the contract carries hundredths. */
function degrees(min: number, max: number): number {
  return faker.number.int({ min: min * 100, max: max * 100, multipleOf: 50 });
}

function hour(min: number, max: number): number {
  const minute = 60_000;
  return faker.number.int({ min: min * 60, max: max * 60 }) * minute;
}

function model(): (typeof models)[number] {
  return faker.helpers.weightedArrayElement([
    { value: "SLR1" as const, weight: 4 },
    { value: "SLR2" as const, weight: 3 },
    { value: "SLT3" as const, weight: 2 },
    { value: "TRV1" as const, weight: 6 },
  ]);
}
