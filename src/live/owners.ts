import type { LiveState } from "../model/live-state.ts";
import { ownerTag } from "../model/permission-set-parts.ts";
import type { InstanceReader } from "../model/ports.ts";
import { createReading } from "./reading.ts";

/**
 * The same state with the owner marks of these permission sets, which was read without tags: one call each. The same
 * object where none has a mark. Rejects with AwsError: whose a set is has to be known before it is changed.
 */
export const readOwners = async (
  reader: InstanceReader,
  live: LiveState,
  names: readonly string[],
): Promise<LiveState> => {
  const reading = createReading(40);
  const owners = await Promise.all(
    names.map(async (name) => {
      const arn = live.ids.permissionSets.get(name);
      const tags = arn === undefined ? {} : await reading.must(() => reader.listTags(arn));
      return [name, tags[ownerTag]] as const;
    }),
  );
  const permissionSets = new Map(live.state.permissionSets);
  for (const [name, owner] of owners) {
    const set = permissionSets.get(name);
    if (set !== undefined && owner !== undefined) permissionSets.set(name, { ...set, owner });
  }
  return owners.every(([, owner]) => owner === undefined)
    ? live
    : { ...live, state: { ...live.state, permissionSets } };
};
