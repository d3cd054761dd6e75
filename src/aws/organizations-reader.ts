import type { Account } from "@aws-sdk/client-organizations";
import type { ListedAccount, OrganizationsReader } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";
import { accountIdOf, hasItems, tagsOf, textOf, textOrNull } from "./reply-fields.ts";

export const createOrganizationsReader = ({ organizations }: AwsClients): OrganizationsReader => ({
  listAccounts: async () => {
    const action = "organizations:ListAccounts";
    const accounts = await allPages(action, async (NextToken) => {
      const page = await call(action, undefined, () =>
        organizations.listAccounts({ ...pageSize, NextToken }),
      );
      return { items: page.Accounts, nextToken: page.NextToken };
    });
    return accounts.map((account) => toListedAccount(action, account));
  },
  listRoots: async () => {
    const action = "organizations:ListRoots";
    const roots = await allPages(action, async (NextToken) => {
      const page = await call(action, undefined, () => organizations.listRoots({ ...pageSize, NextToken }));
      return { items: page.Roots, nextToken: page.NextToken };
    });
    return roots.map((root) => named(action, root));
  },
  listOrganizationalUnitsForParent: async (ParentId) => {
    const action = "organizations:ListOrganizationalUnitsForParent";
    const units = await allPages(action, async (NextToken) => {
      const page = await call(action, ParentId, () =>
        organizations.listOrganizationalUnitsForParent({ ParentId, ...pageSize, NextToken }),
      );
      return { items: page.OrganizationalUnits, nextToken: page.NextToken };
    });
    return units.map((unit) => named(action, unit));
  },
  listAccountsForParent: async (ParentId) => {
    const action = "organizations:ListAccountsForParent";
    const accounts = await allPages(action, async (NextToken) => {
      const page = await call(action, ParentId, () =>
        organizations.listAccountsForParent({ ParentId, ...pageSize, NextToken }),
      );
      return { items: page.Accounts, nextToken: page.NextToken };
    });
    return accounts.map((account) => toListedAccount(action, account));
  },
  listTagsForResource: async (ResourceId) => {
    const action = "organizations:ListTagsForResource";
    const tags = await allPages(action, async (NextToken) => {
      const page = await call(action, ResourceId, () =>
        organizations.listTagsForResource({ ResourceId, NextToken }),
      );
      return { items: page.Tags, nextToken: page.NextToken };
    });
    return tagsOf(`${action} (${ResourceId})`, tags);
  },
});

const pageSize = { MaxResults: 20 };

const named = (
  action: string,
  { Id, Name }: { readonly Id?: string | undefined; readonly Name?: string | undefined },
) => ({ id: textOf(`${action}: Id`, Id), name: textOrNull(`${action}: Name`, Name) ?? "" });

const toListedAccount = (action: string, { Id, Name, State, Status, Paths }: Account): ListedAccount => ({
  id: accountIdOf(`${action}: Id`, Id),
  name: textOrNull(`${action}: Name`, Name) ?? "",
  // Status retires in favour of State; which of the two is answered depends on the day.
  state: State ?? Status ?? "UNKNOWN",
  path: hasItems(`${action}: Paths`, Paths) ? pathOf(textOf(`${action}: Paths`, Paths?.[0])) : null,
});

/** o-exampleorgid/r-examplerootid/ou-1/ou-2/111111111111/ → [r-examplerootid, ou-1, ou-2] */
const pathOf = (path: string): readonly string[] => path.split("/").filter((part) => /^(r|ou)-/.test(part));
