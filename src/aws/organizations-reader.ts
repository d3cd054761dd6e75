import type { Account } from "@aws-sdk/client-organizations";
import type { ListedAccount, OrganizationsReader } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";

export const createOrganizationsReader = ({ organizations }: AwsClients): OrganizationsReader => ({
  listAccounts: async () => {
    const action = "organizations:ListAccounts";
    const accounts = await allPages(action, async (NextToken) => {
      const page = await call(action, undefined, () =>
        organizations.listAccounts({ ...pageSize, NextToken }),
      );
      return { items: page.Accounts, nextToken: page.NextToken };
    });
    return accounts.map(toListedAccount);
  },
  listRoots: async () => {
    const action = "organizations:ListRoots";
    const roots = await allPages(action, async (NextToken) => {
      const page = await call(action, undefined, () => organizations.listRoots({ ...pageSize, NextToken }));
      return { items: page.Roots, nextToken: page.NextToken };
    });
    return roots.map(named);
  },
  listOrganizationalUnitsForParent: async (ParentId) => {
    const action = "organizations:ListOrganizationalUnitsForParent";
    const units = await allPages(action, async (NextToken) => {
      const page = await call(action, ParentId, () =>
        organizations.listOrganizationalUnitsForParent({ ParentId, ...pageSize, NextToken }),
      );
      return { items: page.OrganizationalUnits, nextToken: page.NextToken };
    });
    return units.map(named);
  },
  listAccountsForParent: async (ParentId) => {
    const action = "organizations:ListAccountsForParent";
    const accounts = await allPages(action, async (NextToken) => {
      const page = await call(action, ParentId, () =>
        organizations.listAccountsForParent({ ParentId, ...pageSize, NextToken }),
      );
      return { items: page.Accounts, nextToken: page.NextToken };
    });
    return accounts.map(toListedAccount);
  },
  listTagsForResource: async (ResourceId) => {
    const action = "organizations:ListTagsForResource";
    const tags = await allPages(action, async (NextToken) => {
      const page = await call(action, ResourceId, () =>
        organizations.listTagsForResource({ ResourceId, NextToken }),
      );
      return { items: page.Tags, nextToken: page.NextToken };
    });
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  },
});

const pageSize = { MaxResults: 20 };

const named = ({ Id, Name }: { Id?: string | undefined; Name?: string | undefined }) => ({
  id: Id ?? "",
  name: Name ?? "",
});

const toListedAccount = ({ Id, Name, State, Status, Paths }: Account): ListedAccount => ({
  id: Id ?? "",
  name: Name ?? "",
  // Status retires in favour of State; which of the two is answered depends on the day.
  state: State ?? Status ?? "UNKNOWN",
  path: pathOf(Paths?.[0]),
});

/** o-exampleorgid/r-examplerootid/ou-1/ou-2/111111111111/ → [r-examplerootid, ou-1, ou-2] */
const pathOf = (path: string | undefined): readonly string[] | null =>
  path === undefined ? null : path.split("/").filter((part) => /^(r|ou)-/.test(part));
