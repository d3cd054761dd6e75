import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxInstance, SandboxState } from "../../src/sandbox/state.ts";
import { type LiveSketch, names, readAssignment, type SetSketch, type Sketch } from "./random-access.ts";

const storeId = "9067a1b2c3";
const idOf = (kind: string, index: number): string =>
  `${storeId}-${kind}000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
const goneId = idOf("dd", 1);
const arn = (index: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-${String(index).padStart(16, "0")}`;
const created = Date.UTC(2026, 1, 2);

/** The sandbox that holds this. */
export const stateOf = (live: LiveSketch): SandboxState => {
  const state = defaultSeed();
  const [instance] = state.instances;
  if (instance === undefined) throw new Error("The seed has no instance.");
  const times = { CreatedAt: created, UpdatedAt: created };
  const userIds = new Map(names.users.map((name, index) => [name as string, idOf("aa", index)]));
  const groupIds = new Map(names.groups.map((name, index) => [name as string, idOf("bb", index)]));
  const arns = new Map(names.sets.map((name, index) => [name as string, arn(index)]));
  instance.users = Object.entries(live.users).map(([UserName, { givenName, title }]) => ({
    UserId: userIds.get(UserName) ?? "",
    UserName,
    attributes: {
      Name: { GivenName: givenName, FamilyName: "Doe" },
      DisplayName: UserName,
      ...(title === undefined ? {} : { Title: title }),
    },
    ExternalIds: [],
    UserStatus: "ENABLED",
    ...times,
  }));
  instance.groups = Object.entries(live.groups).map(([DisplayName, { description }]) => ({
    GroupId: groupIds.get(DisplayName) ?? "",
    DisplayName,
    ...(description === undefined ? {} : { Description: description }),
    ExternalIds: [],
    ...times,
  }));
  instance.memberships = live.memberships.map((text, index) => {
    const [groupName = "", userName = ""] = text.split("/");
    const [GroupId = "", UserId = ""] = [groupIds.get(groupName), userIds.get(userName)];
    return { MembershipId: idOf("cc", index), GroupId, UserId, CreatedAt: created };
  });
  instance.permissionSets = Object.entries(live.sets).map(([Name, set]) => ({
    PermissionSetArn: arns.get(Name) ?? "",
    Name,
    Description: set.description,
    SessionDuration: set.sessionDuration,
    CreatedDate: created,
    managedPolicies: set.managedPolicies.map((path) => ({
      Name: path.split("/").at(-1) ?? path,
      Arn: managedPolicyArn(path),
    })),
    customerManagedPolicies: [],
    tags: { ...set.tags },
    ...(set.inlineAction === null ? {} : { InlinePolicy: JSON.stringify(policyOf(set.inlineAction)) }),
    ...(set.boundary === null
      ? {}
      : { PermissionsBoundary: { ManagedPolicyArn: managedPolicyArn(set.boundary) } }),
  }));
  instance.assignments = [
    ...live.assignments.map((text) => {
      const { account, set, type, principal } = readAssignment(text);
      const ids = type === "group" ? groupIds : userIds;
      return {
        AccountId: account,
        PermissionSetArn: arns.get(set) ?? "",
        PrincipalType: type === "group" ? ("GROUP" as const) : ("USER" as const),
        PrincipalId: ids.get(principal) ?? "",
      };
    }),
    ...live.orphans.map((text) => {
      const [AccountId = "", set = ""] = text.split("/");
      const PermissionSetArn = arns.get(set) ?? "";
      return { AccountId, PermissionSetArn, PrincipalType: "GROUP" as const, PrincipalId: goneId };
    }),
  ];
  const roles = new Map(
    instance.assignments.map(({ AccountId, PermissionSetArn }) => [
      `${AccountId} ${PermissionSetArn}`,
      { AccountId, PermissionSetArn },
    ]),
  );
  const stale = new Set(
    live.stale.map((text) => text.replace(/\/(.*)$/, (_, set: string) => ` ${arns.get(set)}`)),
  );
  instance.provisioned = [...roles].map(([key, role], index) => ({
    ...role,
    latest: !stale.has(key),
    roleSuffix: String(index).padStart(16, "0"),
  }));
  return state;
};

const managedPolicyArn = (path: string): string => `arn:aws:iam::aws:policy/${path}`;
export const policyOf = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
});

/** What a sandbox holds, as a sketch with sorted lists; whoever is gone is `?`. */
export const sketchOf = (instance: SandboxInstance): Sketch => {
  const userNames = new Map(instance.users.map(({ UserId, UserName }) => [UserId, UserName]));
  const groupNames = new Map(instance.groups.map(({ GroupId, DisplayName }) => [GroupId, DisplayName]));
  const setNames = new Map(instance.permissionSets.map((set) => [set.PermissionSetArn, set.Name]));
  return {
    users: Object.fromEntries(
      instance.users.map(({ UserName, attributes }) => {
        const { Name, Title } = attributes as { Name: { GivenName: string }; Title?: string };
        return [UserName, { givenName: Name.GivenName, ...(Title === undefined ? {} : { title: Title }) }];
      }),
    ),
    groups: Object.fromEntries(
      instance.groups.map(({ DisplayName, Description }) => [
        DisplayName,
        Description === undefined ? {} : { description: Description },
      ]),
    ),
    sets: Object.fromEntries(instance.permissionSets.map((set) => [set.Name, setSketchOf(set)])),
    memberships: instance.memberships
      .map(({ GroupId, UserId }) => `${groupNames.get(GroupId)}/${userNames.get(UserId)}`)
      .sort(),
    assignments: instance.assignments
      .map(({ AccountId, PermissionSetArn, PrincipalType, PrincipalId }) => {
        const name = (PrincipalType === "GROUP" ? groupNames : userNames).get(PrincipalId) ?? "?";
        return `${AccountId}/${setNames.get(PermissionSetArn)}/${PrincipalType.toLowerCase()}:${name}`;
      })
      .sort(),
  };
};

const setSketchOf = (set: SandboxInstance["permissionSets"][number]): SetSketch => {
  const { PermissionsBoundary: boundary, InlinePolicy: inline } = set;
  const path = (text: string): string => text.replace(managedPolicyArn(""), "");
  const statement = inline === undefined ? undefined : JSON.parse(inline).Statement;
  return {
    description: set.Description ?? "",
    sessionDuration: set.SessionDuration,
    managedPolicies: set.managedPolicies.map(({ Arn }) => path(Arn)).sort(),
    inlineAction: statement === undefined ? null : [[statement].flat()[0].Action].flat()[0],
    boundary:
      boundary !== undefined && "ManagedPolicyArn" in boundary ? path(boundary.ManagedPolicyArn) : null,
    tags: set.tags,
  };
};
