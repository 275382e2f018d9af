/**
 * One message of one device, as `thermostat.data` carries it. Identity = (device.id, boot, seq).
 * Names are final: users, configs and other people's pipelines see them.
 */

/** Order is the Avro enum's: the index is what travels. */
export const models = ["UNKNOWN", "SLR1", "SLR2", "SLT3", "TRV1"] as const;
export type Model = (typeof models)[number];

export const readingFormats = ["avro", "json"] as const;
export type ReadingFormat = (typeof readingFormats)[number];

export type Reading = {
  readonly device: { readonly id: string; readonly home: string; readonly model: Model };
  /** Restarts of the device. */
  readonly boot: number;
  /** Dense from 0 within one boot. */
  readonly seq: number;
  /** Event time, epoch milliseconds. */
  readonly at: number;
  readonly sensor: {
    /** Hundredths of a degree Celsius. */
    readonly temperature: number;
    /** Hundredths of a degree Celsius. */
    readonly target: number;
    /** Per cent. */
    readonly humidity: number;
    /** Per cent. */
    readonly battery: number;
    readonly heating: boolean;
  };
};

/** The Avro schema to the letter of the contract; its fingerprint stands in every message. */
export const readingSchema = {
  type: "record",
  name: "Reading",
  namespace: "fleetproof",
  fields: [
    {
      name: "device",
      type: {
        type: "record",
        name: "Device",
        fields: [
          { name: "id", type: "string" },
          { name: "home", type: "string" },
          {
            name: "model",
            type: { type: "enum", name: "Model", symbols: [...models], default: "UNKNOWN" },
          },
        ],
      },
    },
    { name: "boot", type: "int" },
    { name: "seq", type: "int" },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    {
      name: "sensor",
      type: {
        type: "record",
        name: "Sensor",
        fields: [
          { name: "temperature", type: "int", doc: "hundredths of a degree Celsius" },
          { name: "target", type: "int", doc: "hundredths of a degree Celsius" },
          { name: "humidity", type: "int", doc: "per cent" },
          { name: "battery", type: "int", doc: "per cent" },
          { name: "heating", type: "boolean" },
        ],
      },
    },
  ],
};

/**
 * A reading taken apart without allocating: the hot path's form, filled anew for every record.
 * The two strings stay bytes: `[idStart, idEnd)` of `idBytes`, `[homeStart, homeEnd)` of `homeBytes`.
 */
export type RawReading = {
  idBytes: Uint8Array;
  idStart: number;
  idEnd: number;
  homeBytes: Uint8Array;
  homeStart: number;
  homeEnd: number;
  /** Index into `models`. */
  model: number;
  boot: number;
  seq: number;
  at: number;
  temperature: number;
  target: number;
  humidity: number;
  battery: number;
  heating: boolean;
};

const nothing = new Uint8Array(0);

export function emptyRawReading(): RawReading {
  return {
    idBytes: nothing,
    idStart: 0,
    idEnd: 0,
    homeBytes: nothing,
    homeStart: 0,
    homeEnd: 0,
    model: 0,
    boot: 0,
    seq: 0,
    at: 0,
    temperature: 0,
    target: 0,
    humidity: 0,
    battery: 0,
    heating: false,
  };
}
