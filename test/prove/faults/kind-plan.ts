/** With what parameters a kind of fault is proved, where the catalogue says only which there are. */

/** One round for all targets of a group: what is done to one of them does not disturb the others. */
export type KindPlan = {
  /** Behind the targets in the name of the round; its parameters unless said. */
  readonly name?: string;
  /** Only these; all that the catalogue has unless said. */
  readonly targets?: readonly string[];
  /** The moment of the step, in load that lasts 18 s; 5 s unless said. */
  readonly at?: string;
  /** Parameters behind the target, as the file writes them: `for: 5s`. Several make as many rounds. */
  readonly with?: string | readonly string[];
  /** The steps for one target, where the step alone is not enough. */
  readonly steps?: (target: string) => readonly string[];
  /** `quick` unless said. */
  readonly scenario?: string;
  /** Further keys of the scenario, as `--set` takes them. */
  readonly set?: readonly string[];
  /** One of these is among the findings, where the verdict that is declared is FAIL. */
  readonly classes?: readonly string[];
  /** Targets that must not share a round, though those of other kinds do. */
  readonly alone?: true;
};

export type KindPlans<Kind extends string> = Readonly<Record<Kind, KindPlan | readonly KindPlan[]>>;
