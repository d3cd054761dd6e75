/**
 * ARN of an AWS managed policy from how the manifest names it: its name (AdministratorAccess), its name with a path
 * (job-function/Billing, service-role/X) or the ARN itself. null: it is none of these.
 */
export const toManagedPolicyArn = (name: string, partition = "aws"): string | null => {
  if (arnPattern.test(name)) return name;
  return namePattern.test(name) ? `arn:${partition}:iam::aws:policy/${name}` : null;
};

/** Whether a text is the ARN of a policy that lives in an account, which permission sets take by name and path only. */
export const isCustomerPolicyArn = (name: string): boolean => /^arn:[^:]*:iam::\d{12}:policy\//.test(name);

const arnPattern = /^arn:aws(?:-[a-z]{1,5}){0,3}:iam::aws:policy(?:\/[A-Za-z0-9.,+@=_-]+)+$/;
const namePattern = /^(?:[A-Za-z0-9.,+@=_-]+\/)*[A-Za-z0-9.,+@=_-]+$/;
