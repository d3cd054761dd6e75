import { AwsError, UsageError } from "../model/errors.ts";
import type { Instance } from "../model/live-state.ts";
import type { ListedInstance } from "../model/ports.ts";

export interface WantedInstance {
  /** `instance.arn` of the manifest. */
  readonly arn?: string | undefined;
  /** `instance.region` of the manifest. */
  readonly region?: string | undefined;
  /** Region that the SDK is configured for. */
  readonly configuredRegion: string;
}

/**
 * The one instance that this run is about. Never a guess: throws UsageError where the manifest and the configuration
 * do not agree or leave a choice, AwsError where there is no instance, or none that works.
 */
export const chooseInstance = (visible: readonly ListedInstance[], wanted: WantedInstance): Instance => {
  const { arn, region, configuredRegion } = wanted;
  if (region !== undefined && region !== configuredRegion) {
    throw new UsageError(
      "region-differs",
      `The manifest is for an instance in ${region}, and the configured Region is ${configuredRegion}`,
      { hint: `Set AWS_REGION=${region}, or correct instance.region in the manifest` },
    );
  }
  const candidates = arn === undefined ? visible : visible.filter(({ instanceArn }) => instanceArn === arn);
  const [instance, second] = candidates;
  if (instance === undefined) throw none(visible, wanted);
  if (second !== undefined) {
    throw new UsageError("several-instances", `Several instances are visible:\n${listOf(candidates)}`, {
      hint: "Say in the manifest which one is meant: instance.arn",
    });
  }
  if (instance.region !== configuredRegion) {
    throw new UsageError(
      "region-differs",
      `The primary Region of ${instance.instanceArn} is ${instance.region}, and the configured Region is ${configuredRegion}`,
      { hint: `Set AWS_REGION=${instance.region}: permission sets and assignments are served there only` },
    );
  }
  const { status, statusReason, ...chosen } = instance;
  if (status !== "ACTIVE") {
    throw new AwsError(
      "instance-not-active",
      `${instance.instanceArn} is ${status}${statusReason === null ? "" : `: ${statusReason}`}`,
      { hint: "Wait until it is ACTIVE, or look at it in the console" },
    );
  }
  return chosen;
};

const none = (visible: readonly ListedInstance[], { arn, configuredRegion }: WantedInstance): Error => {
  if (arn !== undefined && visible.length > 0) {
    return new UsageError("no-instance", `${arn} is not visible. What is:\n${listOf(visible)}`, {
      hint: "Correct instance.arn in the manifest, or use credentials of the account that owns the instance",
    });
  }
  return new AwsError("no-instance", `There is no IAM Identity Center instance in ${configuredRegion}`, {
    hint: "Set AWS_REGION to the Region where Identity Center is enabled, or enable it in the console of the management account",
  });
};

const listOf = (instances: readonly ListedInstance[]): string =>
  instances
    .map(
      ({ instanceArn, name, ownerAccountId, region, status }) =>
        `  ${instanceArn}${name === null ? "" : ` (${name})`}, owned by account ${ownerAccountId}, ${region}, ${status}`,
    )
    .join("\n");
