/**
 * Middleware: the identity store clears an attribute where its AttributeValue is null, and the SDK leaves a null at
 * that place out of the body. This puts it back, before the body is measured and signed.
 */
export const sendExplicitNull =
  <Args extends { request: unknown }, Result>(
    next: (args: Args) => Promise<Result>,
    context: { readonly commandName?: string },
  ) =>
  async (args: Args): Promise<Result> => {
    const { request } = args;
    const isUpdate =
      context.commandName === "UpdateUserCommand" || context.commandName === "UpdateGroupCommand";
    if (isUpdate && hasBody(request)) request.body = withNulls(request.body);
    return next(args);
  };

export const explicitNullPlace = { step: "build", priority: "high", name: "sendExplicitNull" } as const;

const hasBody = (request: unknown): request is { body: string | Uint8Array } => {
  if (typeof request !== "object" || request === null || !("body" in request)) return false;
  return typeof request.body === "string" || request.body instanceof Uint8Array;
};

const withNulls = (body: string | Uint8Array): string => {
  const parsed = JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)) as {
    Operations?: Record<string, unknown>[];
  };
  for (const operation of parsed.Operations ?? []) operation.AttributeValue ??= null;
  return JSON.stringify(parsed);
};
