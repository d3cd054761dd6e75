/** Contexts and their properties, as expressions see them: `github.run_id` is `{github: {run_id: "9"}}`. */
export type Context = { readonly [name: string]: Value };
export type Value = string | number | boolean | null | Context;

/**
 * Fills in the `${{ }}` of a text as GitHub Actions does. Knows what workflows here use: literals, properties,
 * `!`, `==`, `!=`, `>`, `<`, `&&`, `||`, brackets and the functions of the context; throws on anything else, and on a
 * context that there is not.
 */
export const fillIn = (text: string, context: Context, functions: Functions = {}): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_all, expression: string) =>
    toText(evaluate(expression, context, functions)),
  );

export type Functions = Readonly<Record<string, () => boolean>>;

export const evaluate = (expression: string, context: Context, functions: Functions = {}): Value => {
  const tokens = tokensOf(expression);
  let at = 0;
  const next = (): string => tokens[at++] ?? "";
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token)) throw new Error(`Expected ${token} in: ${expression}`);
  };

  const or = (): Value => {
    let left = and();
    while (take("||")) {
      const right = and();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  const and = (): Value => {
    let left = comparison();
    while (take("&&")) {
      const right = comparison();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  const comparison = (): Value => {
    const left = unary();
    if (take("==")) return isEqual(left, unary());
    if (take("!=")) return !isEqual(left, unary());
    if (take(">")) return toNumber(left) > toNumber(unary());
    if (take("<")) return toNumber(left) < toNumber(unary());
    return left;
  };
  const unary = (): Value => (take("!") ? !isTrue(unary()) : primary());
  const primary = (): Value => {
    const token = next();
    if (token === "(") {
      const inner = or();
      expect(")");
      return inner;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (token in literals) return literals[token] ?? null;
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`Not understood: ${token} in: ${expression}`);
    if (take("(")) {
      expect(")");
      const run = functions[token];
      if (run === undefined) throw new Error(`No function ${token}`);
      return run();
    }
    return propertyOf(context, token);
  };
  const value = or();
  if (at < tokens.length) throw new Error(`Not understood: ${tokens.slice(at).join(" ")} in: ${expression}`);
  return value;
};

export const isTrue = (value: Value): boolean => value !== "" && value !== 0 && Boolean(value);

const literals: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

const tokensOf = (expression: string): string[] => {
  const pattern = /\s*('(?:[^']|'')*'|\d+|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*|&&|\|\||==|!=|[!()<>])/gy;
  const tokens: string[] = [];
  while (pattern.lastIndex < expression.trimEnd().length) {
    const from = pattern.lastIndex;
    const token = pattern.exec(expression)?.[1];
    if (token === undefined) throw new Error(`Not understood: ${expression.slice(from)}`);
    tokens.push(token);
  }
  return tokens;
};

const propertyOf = (context: Context, path: string): Value => {
  const [first = "", ...rest] = path.split(".");
  const start = context[first];
  if (start === undefined) throw new Error(`No context ${first}`);
  return rest.reduce<Value>(
    (value, name) => (typeof value === "object" && value !== null ? (value[name] ?? null) : null),
    start,
  );
};

const isEqual = (left: Value, right: Value): boolean => {
  if (typeof left === "string" && typeof right === "string")
    return left.toLowerCase() === right.toLowerCase();
  return typeof left === typeof right ? left === right : toNumber(left) === toNumber(right);
};

const toNumber = (value: Value): number =>
  value === null ? 0 : typeof value === "object" ? Number.NaN : Number(value);

const toText = (value: Value): string =>
  value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
