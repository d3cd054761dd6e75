/** One number of a benchmark beside its target. */
export interface Row {
  readonly what: string;
  readonly target: Amount;
  readonly measured: Amount;
  /** What the number is made of. */
  readonly detail: string;
}

/** At most this; a share is between 0 and 1. */
export interface Amount {
  readonly value: number;
  readonly unit: "ratio" | "share" | "s" | "GB";
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<readonly Row[]>;
}

export const row = (
  what: string,
  unit: Amount["unit"],
  numbers: { readonly target: number; readonly measured: number },
  detail: string,
): Row => ({
  what,
  target: { value: numbers.target, unit },
  measured: { value: numbers.measured, unit },
  detail,
});

export const renderRows = (rows: readonly Row[]): string => {
  const cells = rows.map(({ what, target, measured, detail }) => [
    what,
    `≤ ${amount(target)}`,
    amount(measured),
    `${(measured.value / target.value).toFixed(2)}${measured.value > target.value ? "  MISSED" : ""}`,
    detail,
  ]);
  const lines = [["what", "target", "measured", "of target", "made of"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
};

const amount = ({ value, unit }: Amount): string => {
  if (unit === "share") return `${(value * 100).toFixed(1)} %`;
  if (unit === "ratio") return value.toFixed(3);
  return `${value.toFixed(2)} ${unit}`;
};

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
