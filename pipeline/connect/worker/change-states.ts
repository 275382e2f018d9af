/**
 * Pause, resume, stop and restart over REST: wishes that every worker of the job's group reads and
 * acts on.
 */
import { keys, restartValue, targetValue } from "./cluster-records.ts";
import { type Herder, HerderError, type TaskStatus } from "./herder.ts";
import { type HerderParts, knownConfig, knownStatus } from "./herder-parts.ts";

export function changeStates(
  parts: HerderParts,
): Pick<Herder, "setTarget" | "restart" | "restartTask"> {
  const { view, put } = parts;
  return {
    setTarget: async (name, target) => {
      knownConfig(parts, name);
      if (view.targets.get(name) === target) return;
      await put.target(keys.target(name), targetValue(target));
    },
    restart: async (name, { includeTasks, onlyFailed }) => {
      const before = knownStatus(parts, name);
      // Without its tasks nothing of a connector could be begun anew, except an unusable config.
      if (!includeTasks && before.connector.state !== "FAILED") return before;
      await put.target(keys.restart(name), restartValue(onlyFailed));
      const tasks = before.tasks.map((one): TaskStatus => {
        if (onlyFailed && one.state !== "FAILED") return one;
        return { id: one.id, state: "RESTARTING", worker_id: one.worker_id };
      });
      return { ...before, tasks };
    },
    restartTask: async (name, task) => {
      if (!knownStatus(parts, name).tasks.some(({ id }) => id === task)) {
        throw new HerderError("not-found", `Unknown task: ${name}-${task}`);
      }
      await put.target(keys.restartTask(name, task), {});
    },
  };
}
