/** Bugs of the aggregator and of the Kafka port, by the names of FLEETPROOF_PLANTED_BUG. */
import type { BugTable } from "../bug.ts";
import { dropOneInAMillion } from "../drop-one-in-a-million.ts";
import { foldOneTwice } from "../fold-one-twice.ts";
import { bloomDedupe } from "./bloom-dedupe.ts";
import { commitWithLiveGeneration } from "./commit-with-live-generation.ts";
import { commitWithoutGeneration } from "./commit-without-generation.ts";
import { commitWithoutMetadata } from "./commit-without-metadata.ts";
import { dropLate } from "./drop-late.ts";
import { floatMean } from "./float-mean.ts";
import { forgetAfterTtl } from "./forget-after-ttl.ts";
import { forgetSeen } from "./forget-seen.ts";
import { forgetWindows } from "./forget-windows.ts";
import { giveUpSending } from "./give-up-sending.ts";
import { narrowVersion } from "./narrow-version.ts";
import { publishThrice } from "./publish-thrice.ts";
import { readUncommitted } from "./read-uncommitted.ts";
import { reopenLate } from "./reopen-late.ts";
import { restartIsCopy } from "./restart-is-copy.ts";
import { roundToSecond } from "./round-to-second.ts";
import { swapTwoDevices } from "./swap-two-devices.ts";

export const aggregatorBugs = {
  "commit-without-generation": { kafka: commitWithoutGeneration },
  "commit-without-metadata": { kafka: commitWithoutMetadata },
  "commit-with-live-generation": { kafka: commitWithLiveGeneration },
  "read-uncommitted": { kafka: readUncommitted },
  "forget-windows": { kafka: forgetWindows },
  "forget-seen": { kafka: forgetSeen },
  "round-to-second": { kafka: roundToSecond },
  "drop-late": { kafka: dropLate },
  "reopen-late": { kafka: reopenLate },
  "swap-two-devices": { kafka: swapTwoDevices },
  "fold-one-twice": { kafka: foldOneTwice },
  "publish-thrice": { kafka: publishThrice },
  "forget-after-ttl": { kafka: forgetAfterTtl },
  "bloom-dedupe": { kafka: bloomDedupe },
  "restart-is-copy": { kafka: restartIsCopy },
  "float-mean": { kafka: floatMean },
  "give-up-sending": { kafka: giveUpSending },
  "narrow-version": { kafka: narrowVersion },
  "drop-one-in-a-million": { kafka: dropOneInAMillion },
} as const satisfies BugTable;
