/** What a long run tells while it runs; `report` decides whether it becomes a moving line or a quiet one. */
export type Progress =
  | { readonly type: "phase"; readonly name: string }
  | {
      readonly type: "calls";
      readonly done: number;
      /** Estimate, may grow; null: not known yet. */
      readonly expected: number | null;
      /** Calls that wait for the quota of AWS now. */
      readonly waiting: number;
    }
  | { readonly type: "retry"; readonly what: string; readonly reason: string }
  | {
      readonly type: "change";
      readonly address: string;
      readonly status: "started" | "done" | "failed" | "skipped";
      readonly detail?: string;
    };

export type OnProgress = (progress: Progress) => void;
