/** What a name may try where it is shown: to move the cursor, to hide, to reorder, to format, to command the runner. */
export const evil = [
  "\u001b[31mred\u001b]0;title\u0007\u009b2J\u0085\u0000\u007f",
  "\u202etxet\u2066\u200f\u061c\u200b\ufeff\u2028\u{e0041}",
  "<img src=x onerror=alert(1)> **b** [l](https://evil.example) @team #1 | `c`",
  '"quoted" =cmd()',
].join("");

/** Lines that a CI runner would obey if they came out as lines. */
export const evilLines =
  "x\n::set-output name=a::b\r\n::add-mask::c\n \u200b::debug::d\r##[command]e\n::stop-commands::f";

/**
 * What must not stand in any output raw: control and format characters, and lines that are commands to a runner and not
 * ours. [] where all is well. `lineEnd`: what ends its lines. `isLog`: whether a runner reads it.
 */
export const dangersIn = (
  text: string,
  { lineEnd = "\n", isLog = true }: { readonly lineEnd?: "\n" | "\r\n"; readonly isLog?: boolean } = {},
): string[] => {
  const lines = text.split(lineEnd);
  return lines.flatMap((line, index) => {
    const shown = `line ${index + 1}: ${JSON.stringify(line.slice(0, 200))}`;
    const raw = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e0fff}]/u.exec(line);
    const isCommand = /^[\s\p{Cc}\p{Cf}]*::(?!(?:error|warning|notice) |group::|endgroup::)/u.test(line);
    return [
      ...(raw === null ? [] : [`U+${raw[0].codePointAt(0)?.toString(16)} in ${shown}`]),
      ...(isLog && (isCommand || line.includes("##[")) ? [`a command in ${shown}`] : []),
    ];
  });
};
