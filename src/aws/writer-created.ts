import { AwsError } from "../model/errors.ts";

/** The id of what was created; a reply without one is not from AWS. */
export const created = (field: string, id: unknown): string => {
  if (typeof id === "string" && id !== "") return id;
  throw new AwsError("malformed-reply", `AWS answered a creation without ${field}`, {
    hint: "Look at what answers instead of AWS (a proxy, AWS_ENDPOINT_URL), and plan again before anything else",
  });
};
