/** A replay that could not be made, for a reason that lies with servers or jobs: the run is then undecided. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
  readonly code: "refused";

  constructor(code: ReplayError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
