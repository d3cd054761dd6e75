import { operation } from "./operation.ts";
import type { Service } from "./service.ts";

/** STS, as far as it tells a client who it is. */
export const sts: Service = {
  name: "sts",
  targetPrefix: null,
  operations: {
    GetCallerIdentity: operation({}, (_, { state: { caller } }) => ({
      Arn: caller.Arn,
      UserId: caller.UserId,
      Account: caller.Account,
    })),
  },
};
