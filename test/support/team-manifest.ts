/** One group that is administrator in these accounts: the smallest manifest with access that somebody would look at. */
export const teamManifest = (accounts: readonly string[], group = "Team") => ({
  version: 1,
  name: "acme",
  groups: { [group]: { description: "The team" } },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
  assignments: [{ groups: [group], permissionSets: ["Admin"], accounts }],
});
