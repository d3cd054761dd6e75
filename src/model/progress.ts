/** What a long run tells while it runs; `report` decides whether it becomes a moving line or a quiet one. */
export type Progress =
  | {
      readonly type: "phase";
      readonly name: string;
      /** How many changes the phase is about, where it is about changes. */
      readonly total?: number;
    }
  | {
      readonly type: "calls";
      /** API calls that have been answered since the start. */
      readonly done: number;
      /** Calls that wait for the quota of AWS now. */
      readonly waiting: number;
    }
  /** Estimate of all the calls that one part of the run takes; may grow. Parts add up. */
  | { readonly type: "expected-calls"; readonly part: string; readonly expected: number }
  /** To an attempt of an API call no answer came, in so many milliseconds; `attempt` of `of` is sent now. */
  | {
      readonly type: "no-reply";
      /** Such as sso-admin ListPermissionSets. */
      readonly call: string;
      readonly milliseconds: number;
      readonly attempt: number;
      readonly of: number;
    }
  | { readonly type: "retry"; readonly what: string; readonly reason: string }
  | {
      readonly type: "change";
      readonly address: string;
      readonly status: "started" | "done" | "failed" | "skipped";
      readonly detail?: string;
    };

export type OnProgress = (progress: Progress) => void;
