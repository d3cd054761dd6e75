import type { CallContext, Field, Operation } from "./service.ts";

/** An operation whose run function sees its input with the types that its field table promises. */
export function operation<const F extends Readonly<Record<string, Field>>>(
  fields: F,
  run: (input: Input<F>, context: CallContext) => Record<string, unknown>,
): Operation {
  return {
    input: { type: "structure", fields },
    // The server validates against the same table before it calls run: this is the one place that relies on it.
    run: (input, context) => run(input as Input<F>, context),
  };
}

/** The TypeScript type of a validated structure. */
export type Input<F> = Simplify<
  { readonly [K in keyof F as IsRequired<F[K]> extends true ? K : never]: Value<F[K]> } & {
    readonly [K in keyof F as IsRequired<F[K]> extends true ? never : K]?: Value<F[K]>;
  }
>;

type Value<F> = F extends { type: "string"; enum: readonly (infer E)[] }
  ? E
  : F extends { type: "string" }
    ? string
    : F extends { type: "integer" }
      ? number
      : F extends { type: "boolean" }
        ? boolean
        : F extends { type: "list"; of: infer O }
          ? readonly Value<O>[]
          : F extends { type: "map"; of: infer O }
            ? Readonly<Record<string, Value<O>>>
            : F extends { type: "structure"; fields: infer S }
              ? Input<S>
              : unknown;

type IsRequired<F> = F extends { required: true } ? true : false;
type Simplify<T> = { [K in keyof T]: T[K] } & {};
