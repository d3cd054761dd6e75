/** One management event of CloudTrail: who called what, and when. */
export interface AuditEvent {
  readonly id: string;
  /** Epoch milliseconds, whole seconds. */
  readonly time: number;
  /** Name of the operation, such as CreateAccountAssignment. */
  readonly name: string;
  /** Such as sso.amazonaws.com. */
  readonly source: string;
  /** Who called: an ARN where CloudTrail has one, else the best name that it gives. */
  readonly actor: string;
  /** Address that the call came from, or the AWS service that made it; null: not told. */
  readonly from: string | null;
  /** Whether the call was refused or failed. */
  readonly failed: boolean;
  /** Every text in the parameters and in the answer: ids of what the call was about are among them. */
  readonly mentions: ReadonlySet<string>;
}

/** CloudTrail's event history: the last 90 days of one Region. */
export interface AuditTrail {
  /** Newest first. `complete` is false where older ones were left out. Rejects with AwsError. */
  lookUp(
    eventName: string,
    since: number,
  ): Promise<{ readonly events: readonly AuditEvent[]; readonly complete: boolean }>;
  close(): void;
}
