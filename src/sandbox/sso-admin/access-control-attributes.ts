import { operation } from "../operation.ts";
import type { CallContext } from "../service.ts";
import type { SandboxInstance } from "../state.ts";
import { conflict, findInstance, invalid, notFound } from "./lookup.ts";
import { instanceArn } from "./shapes.ts";

const configuration = {
  type: "structure",
  required: true,
  fields: {
    AccessControlAttributes: {
      type: "list",
      required: true,
      min: 0,
      max: 50,
      of: {
        type: "structure",
        required: true,
        fields: {
          Key: { type: "string", required: true, min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u },
          Value: {
            type: "structure",
            required: true,
            fields: {
              Source: {
                type: "list",
                required: true,
                min: 1,
                max: 1,
                of: {
                  type: "string",
                  required: true,
                  min: 0,
                  max: 256,
                  pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@[\]{}$\\"]*/u,
                },
              },
            },
          },
        },
      },
    },
  },
} as const;

interface Attribute {
  readonly Key: string;
  readonly Value: { readonly Source: readonly string[] };
}

/** Attributes for access control (ABAC): on while the instance has a list, even an empty one. */
export const accessControlAttributeOperations = {
  CreateInstanceAccessControlAttributeConfiguration: operation(
    { InstanceArn: instanceArn, InstanceAccessControlAttributeConfiguration: configuration },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      if (instance.accessControlAttributes)
        throw conflict("Attributes for access control are already enabled.");
      setAttributes(instance, input.InstanceAccessControlAttributeConfiguration.AccessControlAttributes);
      return {};
    },
  ),

  DescribeInstanceAccessControlAttributeConfiguration: operation(
    { InstanceArn: instanceArn },
    (input, context) => ({
      Status: "ENABLED",
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: findEnabled(context, input.InstanceArn).accessControlAttributes,
      },
    }),
  ),

  UpdateInstanceAccessControlAttributeConfiguration: operation(
    { InstanceArn: instanceArn, InstanceAccessControlAttributeConfiguration: configuration },
    (input, context) => {
      const instance = findEnabled(context, input.InstanceArn);
      setAttributes(instance, input.InstanceAccessControlAttributeConfiguration.AccessControlAttributes);
      return {};
    },
  ),

  DeleteInstanceAccessControlAttributeConfiguration: operation(
    { InstanceArn: instanceArn },
    (input, context) => {
      delete findEnabled(context, input.InstanceArn).accessControlAttributes;
      return {};
    },
  ),
};

function findEnabled(context: CallContext, arn: string): SandboxInstance {
  const instance = findInstance(context, arn);
  if (instance.accessControlAttributes) return instance;
  throw notFound("Attributes for access control are not enabled.");
}

function setAttributes(instance: SandboxInstance, attributes: readonly Attribute[]): void {
  if (new Set(attributes.map((attribute) => attribute.Key)).size < attributes.length) {
    throw invalid("Keys of attributes for access control must be unique.");
  }
  instance.accessControlAttributes = attributes.map(({ Key, Value }) => ({
    Key,
    Value: { Source: [...Value.Source] },
  }));
}
