import type { World } from "./world.ts";

/** Two manifests for one instance: from `before` to `after` every kind of change is needed. */
export const estate = {
  before: {
    version: 1,
    users: { ann: person("Ann"), bob: person("Bob"), old: person("Old") },
    groups: {
      Admins: { description: "Everything", members: ["ann"] },
      Readers: { members: ["ann", "bob"] },
      Leavers: { members: ["old"] },
    },
    permissionSets: {
      Admin: { managedPolicies: ["AdministratorAccess"] },
      Read: { managedPolicies: ["ReadOnlyAccess"], inlinePolicy: allowing("s3:Get*") },
      Gone: { managedPolicies: ["ViewOnlyAccess"] },
    },
    assignments: [
      { groups: ["Admins"], permissionSets: ["Admin"], accounts: ["production"] },
      { groups: ["Readers"], permissionSets: ["Read"], accounts: ["production", "development", "staging"] },
      { groups: ["Leavers"], permissionSets: ["Gone"], accounts: ["development"] },
    ],
  },
  after: {
    version: 1,
    mode: "exclusive",
    guards: { maxRemovals: { percent: 100, floor: 100 } },
    users: { ann: { ...person("Ann"), title: "Lead" }, bob: person("Bob"), carl: person("Carl") },
    groups: {
      Admins: { description: "Everything, really", members: ["ann", "carl"] },
      Readers: { members: ["bob", "carl"] },
      Operators: { members: ["ann"] },
    },
    permissionSets: {
      Admin: { managedPolicies: ["AdministratorAccess"], sessionDuration: "PT2H" },
      Read: { managedPolicies: ["ReadOnlyAccess"], inlinePolicy: allowing("s3:List*") },
      Operate: { managedPolicies: ["PowerUserAccess"], inlinePolicy: allowing("ec2:*") },
    },
    assignments: [
      { groups: ["Admins"], permissionSets: ["Admin"], accounts: ["production", "development"] },
      { groups: ["Readers"], permissionSets: ["Read"], accounts: ["production", "staging"] },
      { groups: ["Operators"], permissionSets: ["Operate"], accounts: ["development", "staging"] },
    ],
  },
} as const;

function person(givenName: string) {
  return { givenName, familyName: "Doe", displayName: `${givenName} Doe` };
}

function allowing(action: string) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] };
}

/** What the sandbox holds, by names, in one order: for comparing two of them. */
export const holdings = ({ instance }: Pick<World, "instance">) => {
  const principal = (id: string): string =>
    instance.groups.find(({ GroupId }) => GroupId === id)?.DisplayName ??
    instance.users.find(({ UserId }) => UserId === id)?.UserName ??
    `deleted ${id}`;
  const set = (arn: string): string =>
    instance.permissionSets.find(({ PermissionSetArn }) => PermissionSetArn === arn)?.Name ?? arn;
  return {
    users: instance.users
      .map(({ UserName, attributes }) => `${UserName} ${JSON.stringify(attributes)}`)
      .sort(),
    groups: instance.groups.map(({ DisplayName, Description }) => `${DisplayName}: ${Description}`).sort(),
    memberships: instance.memberships
      .map(({ GroupId, UserId }) => `${principal(UserId)} in ${principal(GroupId)}`)
      .sort(),
    permissionSets: instance.permissionSets
      .map(({ Name, SessionDuration, InlinePolicy, managedPolicies }) =>
        JSON.stringify([Name, SessionDuration, InlinePolicy, managedPolicies]),
      )
      .sort(),
    assignments: instance.assignments
      .map(
        ({ AccountId, PermissionSetArn, PrincipalId }) =>
          `${AccountId} ${set(PermissionSetArn)} ${principal(PrincipalId)}`,
      )
      .sort(),
    stale: instance.provisioned
      .filter(({ latest }) => !latest)
      .map(({ AccountId, PermissionSetArn }) => `${AccountId} ${set(PermissionSetArn)}`),
  };
};
