import { Composer, type Document, Lexer, Parser, type YAMLError } from "yaml";
import type { Position } from "../model/finding.ts";
import { finding, type Report } from "./codes.ts";
import { convertDocument } from "./convert-yaml.ts";
import type { Located } from "./located.ts";
import { positionOf, type Source } from "./source.ts";

/**
 * YAML 1.2, core schema, one document. Features that make a reviewed file say something else than it seems to (tags,
 * merge keys, YAML 1.1, several documents) are refused. null: not valid YAML; the findings say why.
 */
export const parseYaml = (source: Source, report: Report): Located | null => {
  const stream = compose(source, report);
  if (stream === null) return null;
  const [document, second] = stream;
  if (document === undefined) return emptyFile(source);
  if (second !== undefined) {
    report(
      finding("several-documents", "A second YAML document starts here", {
        position: at(source, second.range[0]),
        hint: "use one file for each document",
      }),
    );
    return null;
  }
  if (document.directives?.yaml.version === "1.1") {
    report(
      finding("yaml-version", "The file asks for YAML 1.1", {
        position: at(source, Math.max(0, source.text.indexOf("%YAML"))),
        hint: "remove the %YAML line: files are read as YAML 1.2",
      }),
    );
    return null;
  }
  const problems = [...document.errors, ...document.warnings.filter(({ code }) => code === "BAD_DIRECTIVE")];
  reportSyntax(problems, source, report);
  return problems.length > 0 ? null : convertDocument(document, source, report);
};

const emptyFile = (source: Source): Located => ({
  kind: "scalar",
  value: null,
  plain: "",
  place: { source, start: 0, end: 0 },
});

const deepestNesting = 32;
const mostTokens = 2_500_000;
/** None is of use here but %YAML; each unknown one makes a finding. */
const mostDirectives = 10;

/** The first two documents. The parser's stack is watched, because composing recurses and would overflow ours. */
const compose = (source: Source, report: Report): readonly Document.Parsed[] | null => {
  const parser = new Parser();
  const composer = new Composer({
    version: "1.2",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed[] = [];
  let [tokens, directives] = [0, 0];
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) {
      directives += Number(token.type === "directive");
      documents.push(...composer.next(token));
    }
    if (directives > mostDirectives) {
      const position = at(source, parser.offset);
      report(finding("yaml-syntax", `More than ${mostDirectives} lines that begin with %`, { position }));
      return null;
    }
    if (documents.length > 2) return documents;
    if (parser.stack.length > deepestNesting) {
      const position = at(source, parser.offset);
      report(
        finding("nested-too-deeply", `More than ${deepestNesting} levels of lists and maps`, { position }),
      );
      return null;
    }
    tokens += 1;
    if (tokens > mostTokens) {
      report(finding("file-too-large", `${source.file} holds more than is ever needed in a manifest`));
      return null;
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(false, source.text.length));
  return documents;
};

/** One mistake makes the parser stumble several times: the first of a line, and few of a file, are worth reading. */
const reportSyntax = (errors: readonly YAMLError[], source: Source, report: Report): void => {
  const lines = new Set<number>();
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    // What is missing at the end of the file is missing after its last character.
    const start = Math.min(error.pos[0], source.text.trimEnd().length);
    const position = positionOf({ source, start, end: Math.max(error.pos[1], start + 1) });
    if (lines.has(position.line) || lines.size === 3) continue;
    lines.add(position.line);
    const code = error.code === "TAB_AS_INDENT" ? "yaml-tab" : "yaml-syntax";
    const message =
      error.message.includes("quote") && error.code === "MISSING_CHAR"
        ? unclosedQuote
        : (messages[error.code] ?? error.message);
    const hint = hintFor(error, source.text);
    report(finding(code, message, { position, hint }));
  }
};

const unclosedQuote = "A text that starts with a quote does not end with one";

const messages: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  TAB_AS_INDENT: "A tab stands where YAML needs spaces",
  BLOCK_AS_IMPLICIT_KEY: "A second ': ' on one line, or a line that is indented too far",
  MULTILINE_IMPLICIT_KEY: "A line without ': ', or a text that is missing its quotes",
  BAD_ALIAS: "A value starts with *, which names an alias in YAML",
};

const hintFor = (error: YAMLError, text: string): string | undefined => {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "indent with spaces";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "put a text that holds ': ' in quotes, and indent properties of one object alike";
    case "BAD_ALIAS":
    case "BAD_SCALAR_START":
      return `put it in quotes: "${/^[^\s,\]}]*/.exec(text.slice(error.pos[0]))?.[0] ?? ""}"`;
    case "BAD_DQ_ESCAPE":
      return "write / in paths; in a text in double quotes a backslash is written \\\\";
    default:
      return undefined;
  }
};

const at = (source: Source, offset: number): Position =>
  positionOf({ source, start: offset, end: offset + 1 });
