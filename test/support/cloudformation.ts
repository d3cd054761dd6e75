/** As much of a template as examples/aws has, and as CloudFormation would make of it. */
export interface Template {
  readonly Parameters: Readonly<
    Record<
      string,
      {
        readonly Default?: string;
        readonly AllowedValues?: readonly string[];
        readonly AllowedPattern?: string;
      }
    >
  >;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties: unknown }>
  >;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * The resources of a stack with these parameters, with all functions resolved; the reference to a resource is its name.
 * Throws on a parameter that the template would refuse, and on a function or a reference that it does not know.
 */
export const makeStack = (
  { Parameters, Conditions, Resources }: Template,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, Resource>> => {
  const parameters = new Map<string, string>(pseudo);
  for (const name of Object.keys(given))
    if (Parameters[name] === undefined) throw new Error(`There is no parameter ${name}.`);
  for (const [name, { Default, AllowedValues, AllowedPattern }] of Object.entries(Parameters)) {
    const value = given[name] ?? Default;
    if (value === undefined) throw new Error(`The parameter ${name} has no value.`);
    if (AllowedValues?.includes(value) === false) throw new Error(`${name} may not be ${value}.`);
    if (AllowedPattern !== undefined && !new RegExp(AllowedPattern).test(value))
      throw new Error(`${name} may not be ${value}.`);
    parameters.set(name, value);
  }

  const holds = (name: string): boolean => {
    if (!(name in Conditions)) throw new Error(`There is no condition ${name}.`);
    return resolve(Conditions[name]) === true;
  };
  const lookUp = (name: string): string => {
    const value = parameters.get(name) ?? (name in Resources ? name : undefined);
    if (value === undefined) throw new Error(`There is nothing named ${name}.`);
    return value;
  };
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => (name === "AWS::NoValue" ? nothing : lookUp(String(name))),
    "Fn::Sub": (text) => String(text).replace(/\$\{([^}]+)\}/g, (_all, name: string) => lookUp(name)),
    "Fn::If": (parts) => {
      const [condition, yes, no] = parts as [string, unknown, unknown];
      return resolve(holds(condition) ? yes : no);
    },
    "Fn::Equals": (parts) => {
      const [left, right] = (parts as unknown[]).map(resolve);
      return left === right;
    },
    "Fn::Not": (parts) => resolve((parts as unknown[])[0]) === false,
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((each) => each !== nothing);
    if (typeof value !== "object" || value === null) return value;
    const [first, ...more] = Object.entries(value) as [string, unknown][];
    const [name, argument] = first ?? ["", null];
    if (name === "Ref" || name.startsWith("Fn::")) {
      const run = functions[name];
      if (run === undefined || more.length > 0) throw new Error(`Not understood: ${JSON.stringify(value)}`);
      return run(argument);
    }
    const entries = Object.entries(value).map(([key, each]) => [key, resolve(each)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== nothing));
  };

  const made = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition),
  );
  return Object.fromEntries(
    made.map(([name, { Type, Properties }]) => [
      name,
      { Type, Properties: resolve(Properties) as Resource["Properties"] },
    ]),
  );
};

const nothing = Symbol("AWS::NoValue");

const pseudo: readonly (readonly [string, string])[] = [
  ["AWS::Partition", "aws"],
  ["AWS::AccountId", "111122223333"],
];
