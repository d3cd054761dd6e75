import { countOf, fitParts, type Omission, type Part, renderPart } from "./fit-parts.ts";

export interface MarkdownSection {
  /** Finished Markdown; left out with a section that has no parts. */
  readonly title: string;
  readonly parts: readonly Part[];
}

/** All of it finished Markdown. */
interface Sectioned {
  readonly head: string;
  readonly sections: readonly MarkdownSection[];
  readonly foot: string;
  /** Characters. */
  readonly limit: number;
  readonly omission: Omission;
}

/** Never longer than the limit, where head, foot and titles fit. Each section says how much of it is missing. */
export const fitSections = ({ head, sections, foot, limit, omission }: Sectioned): string => {
  const filled = sections.filter(({ parts }) => parts.length > 0);
  const room = filled.reduce(
    (left, section) => left - roomFor(section, omission),
    limit - head.length - foot.length,
  );
  const kept = fitParts(
    filled.flatMap(({ parts }) => parts),
    room,
    omission,
  );
  const body = filled.map((section) =>
    renderSection(section, kept.splice(0, section.parts.length), omission),
  );
  return head + body.join("") + foot;
};

const renderSection = (
  { title, parts }: MarkdownSection,
  kept: readonly number[],
  omission: Omission,
): string => {
  const texts = parts.map((part, index) => renderPart(part, kept[index] ?? 0, omission));
  const missing = parts.filter((_, index) => kept[index] === 0);
  return title + texts.join("") + leftOut(missing, omission);
};

/** What is said of parts that are left out whole. */
const leftOut = (parts: readonly Part[], omission: Omission): string => {
  const [first] = parts;
  if (first === undefined) return "";
  return omission(
    parts.reduce((sum, { items }) => sum + countOf(items), 0),
    first.noun,
  );
};

const roomFor = ({ title, parts }: MarkdownSection, omission: Omission): number =>
  title.length + leftOut(parts, omission).length;
