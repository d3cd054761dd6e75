import type { Plan } from "../../../../src/plan/plan.ts";
import { allow, plan, policy, user } from "../../plan/builders.ts";

/** 5,000 changes, of which ten assignments give administrator access. */
export const hugePlan = (): Plan =>
  plan(
    {
      groups: ["Admins", "Team", ...Array.from({ length: 700 }, (_, index) => `group-${index}`)],
      permissionSets: [
        { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
        {
          name: "Dev",
          inlinePolicy: policy({ Version: "2012-10-17", Statement: [allow("s3:GetObject")] }),
        },
      ],
      users: Array.from({ length: 1500 }, (_, index) => user(`user-${index}`)),
      memberships: Array.from({ length: 1500 }, (_, index) => `group-0/user-${index}`),
      assignments: [
        ...Array.from(
          { length: 1286 },
          (_, index) => `${100_000_000_000 + index}/Dev/group:group-${index % 700}`,
        ),
        ...Array.from({ length: 10 }, (_, index) => `${100_000_000_900 + index}/Admin/group:Admins`),
      ],
    },
    { organizationSource: "manifest", groups: [], permissionSets: [] },
  );
