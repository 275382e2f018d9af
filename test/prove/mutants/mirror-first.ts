/**
 * The order in which a mutant meets the tests: those of its own file first, since they notice most,
 * and after them the shortest files. The first test that fails is the last that runs.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Environment variable: path of the file that is mutated. */
export const mutatedFile = "FLEETPROOF_MUTATED";

/** A class, since vitest asks for one. */
export class MirrorFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const mirror = `test/${process.env[mutatedFile] ?? ""}`.replace(/\.ts$/, "");
    const shortestFirst = (await super.sort(files)).toReversed();
    const isOwn = ({ moduleId }: TestSpecification): boolean => moduleId.includes(mirror);
    return [
      ...shortestFirst.filter(isOwn),
      ...shortestFirst.filter((specification) => !isOwn(specification)),
    ];
  }
}
