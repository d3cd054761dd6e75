import { create, group, permissionSet, planOf, policy, toGroup, toUser, user } from "./plans.ts";

export const production = "111111111111";
export const development = "222222222222";
export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
export const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
export const powerUser = "arn:aws:iam::aws:policy/PowerUserAccess";
const reader = { name: "BoundaryReader", path: "/platform/" };

export const jane = user("jane.doe", { "email.value": "jane.doe@company.com", "email.type": "work" });
const john = user("john.roe");
export const admins = permissionSet("Admins", {
  description: "Everything",
  sessionDuration: 4 * 3600,
  managedPolicies: [administrator],
  tags: { team: "platform" },
  owner: "acme",
});
export const developers = permissionSet("Developers", {
  inlinePolicy: policy("s3:*"),
  customerManagedPolicies: [reader],
  permissionsBoundary: { managedPolicyArn: powerUser },
  relayState: "https://us-east-1.console.aws.amazon.com/",
});

/** Two of everything, and three assignments. */
export const firstPlan = () =>
  planOf(
    create("user", jane),
    create("user", john),
    create("group", group("Developers", "Build things")),
    create("group", group("Old")),
    create("membership", { group: "Developers", user: "jane.doe" }, "group/Developers", "user/jane.doe"),
    create("membership", { group: "Old", user: "john.roe" }, "group/Old", "user/john.roe"),
    create("permissionSet", admins),
    create("permissionSet", developers),
    create("assignment", toUser(production, "Admins", "jane.doe"), "permissionSet/Admins", "user/jane.doe"),
    create(
      "assignment",
      toGroup(production, "Developers", "Developers"),
      "group/Developers",
      "permissionSet/Developers",
    ),
    create(
      "assignment",
      toGroup(development, "Developers", "Developers"),
      "group/Developers",
      "permissionSet/Developers",
    ),
  );
