import type { Drift } from "../drift/drift.ts";
import { jsonText } from "../model/json-text.ts";
import type { PlaceOf } from "./annotations.ts";
import { driftCsv } from "./drift-csv.ts";
import { driftJunit } from "./drift-junit.ts";
import { driftMarkdown } from "./drift-markdown.ts";
import { driftSarif } from "./drift-sarif.ts";
import { driftText } from "./drift-text.ts";
import { viewDrift } from "./drift-view.ts";
import type { AccountNames } from "./labels.ts";

export interface DriftRenderOptions {
  readonly colour: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  /** Names of accounts by id. */
  readonly accountNames: AccountNames;
  /** Where files are in the repository, for Markdown and SARIF. Default: as in positions. */
  readonly placeOf?: PlaceOf;
  /** For SARIF: where something is shown that has no place in the manifest. */
  readonly manifestFile?: string;
}

const driftRenderers = {
  text: (drift: Drift, options: DriftRenderOptions): string =>
    driftText(viewDrift(drift, options.accountNames), options),
  json: (drift: Drift): string => `${jsonText(drift, 2)}\n`,
  markdown: (drift: Drift, { accountNames, placeOf }: DriftRenderOptions): string =>
    driftMarkdown(viewDrift(drift, accountNames, placeOf)),
  sarif: (
    drift: Drift,
    { accountNames, placeOf = (file) => file, manifestFile }: DriftRenderOptions,
  ): string => driftSarif(drift, accountNames, { placeOf, manifestFile }),
  csv: (drift: Drift, { accountNames }: DriftRenderOptions): string => driftCsv(drift, accountNames),
  junit: (drift: Drift, { accountNames }: DriftRenderOptions): string => driftJunit(drift, accountNames),
} as const;

export type DriftFormat = keyof typeof driftRenderers;

/** Ends with a line break. */
export const renderDrift = (drift: Drift, format: DriftFormat, options: DriftRenderOptions): string =>
  driftRenderers[format](drift, options);
