import { ListInstancesCommand } from "@aws-sdk/client-sso-admin";
import type { World } from "./world.ts";

/** Waits until the sandbox has no asynchronous work left. It ends at the first call after its time. */
export const settled = async ({ instance, sso }: World): Promise<void> => {
  while (instance.requests.some(({ Status }) => Status === "IN_PROGRESS")) {
    await sso.send(new ListInstancesCommand({}));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
