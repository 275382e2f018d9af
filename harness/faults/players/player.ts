/** How a fault of a kind is played: it disturbs, and gives its target free with what is still to be watched. */
import type { FaultKind, StepOf } from "../../scenario/fault-kinds/fault-catalogue.ts";
import type { FaultPorts, Settling } from "../fault-ports.ts";

/** `standIn`: the name of a free slot, for kinds in which another takes over. Errors: those of the ports. */
export type Player<K extends FaultKind> = (
  step: StepOf<K>,
  ports: FaultPorts,
  standIn: string,
) => Promise<Settling>;

export type Players<K extends FaultKind> = { readonly [Kind in K]: Player<Kind> };
