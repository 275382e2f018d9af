/**
 * What the fleet itself does wrong, for the whole of a load: keys of a scenario's `readings` and `fleet`, no steps. The
 * plan knows each such reading, so all of them are judged like the others.
 */
export const fleetTroubles = {
  "readings.outOfOrder": { summary: "readings come after later ones", endangers: ["C4", "C6"] },
  "readings.late": {
    summary: "readings come when their window is closed",
    endangers: ["C5", "C6"],
  },
  "readings.revising": {
    summary: "readings come late, but in time to revise their window",
    endangers: ["C6", "C7"],
  },
  "readings.duplicated": { summary: "readings are sent twice", endangers: ["C2", "C6"] },
  "readings.malformed": { summary: "readings cannot be decoded", endangers: ["C5"] },
  "readings.missing": { summary: "readings are never sent", endangers: ["C6"] },
  "readings.rebooted": {
    summary: "devices restart, and count from 0 again",
    endangers: ["C2", "C5", "C6"],
  },
  "readings.wrongClock": {
    summary: "devices believe that it is 1970, or years ahead",
    endangers: ["C5", "C6"],
  },
  "fleet.hot": {
    summary: "a share of the devices sends far more often than the rest",
    endangers: ["C6", "C12"],
  },
} as const;
