import { type ReadOptions, readLiveState } from "../../../../src/live/read-live-state.ts";
import { type FakeWorld, fakeReader, instance, organizationOf } from "./fake-reader.ts";

/** Two people and a group that grants, one of everything that is owned elsewhere or gone. */
export const world: FakeWorld = {
  users: ["jane", "john", "joan"],
  externalUsers: ["joan"],
  groups: { Dev: ["jane", "john"], Ops: [] },
  externalGroups: ["Ops"],
  sets: { Admin: { team: "platform", "reconcile:owner": "acme" }, Read: {} },
  access: [
    ["111111111111", "Admin", "group:Dev"],
    ["111111111111", "Admin", "user:jane"],
    ["222222222222", "Admin", "group:Gone", true],
    ["222222222222", "Read"],
  ],
};
export const organization = organizationOf(["111111111111", "222222222222", "333333333333"]);
export const defaults: ReadOptions = {
  needs: { tags: true, memberships: "all" },
  strategy: "auto",
  onProgress: () => {},
};

/** Reads the world with these changes; `calls`: what was called. */
export const read = async (
  changes: Partial<FakeWorld> = {},
  options: Partial<ReadOptions> = {},
  where = organization,
) => {
  const { reader, calls } = fakeReader({ ...world, ...changes });
  return { live: await readLiveState(reader, instance, where, { ...defaults, ...options }), calls };
};

export const scopes = ({ coverage }: { coverage: { unread: readonly { scope: string }[] } }) =>
  coverage.unread.map(({ scope }) => scope);

/** The fake's methods as plain properties, so that a test can replace one. */
export const spread = (reader: ReturnType<typeof fakeReader>["reader"]) =>
  Object.fromEntries(
    Object.keys(reader).map((name) => [name, reader[name as keyof typeof reader]]),
  ) as unknown as typeof reader;
