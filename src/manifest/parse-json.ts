import { finding, type ManifestCode, type Report } from "./codes.ts";
import type { Located, LocatedEntry } from "./located.ts";
import { type Place, positionOf, type Source } from "./source.ts";
import { ambiguousNumber, unsafeKeys } from "./values.ts";

/**
 * JSON (RFC 8259) with places. JSON.parse has none, keeps the last of two equal keys without a word, and words its
 * errors differently in each release of Node. null: not valid JSON; the finding says why.
 */
export const parseJson = (source: Source, report: Report): Located | null => {
  const reader = new JsonReader(source, report);
  try {
    return reader.document();
  } catch (cause) {
    if (!(cause instanceof JsonProblem)) throw cause;
    const position = positionOf({ source, start: cause.offset, end: cause.offset + 1 });
    report(finding(cause.code, cause.message, { position }));
    return null;
  }
};

class JsonProblem extends Error {
  readonly code: ManifestCode;
  readonly offset: number;
  constructor(message: string, offset: number, code: ManifestCode = "json-syntax") {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

const deepestNesting = 32;

class JsonReader {
  readonly #source: Source;
  readonly #text: string;
  readonly #report: Report;
  #offset = 0;
  #depth = 0;

  constructor(source: Source, report: Report) {
    this.#source = source;
    this.#text = source.text;
    this.#report = report;
  }

  document(): Located {
    const value = this.#value();
    this.#blanks();
    if (this.#offset < this.#text.length) throw this.#unexpected("the end of the file");
    return value;
  }

  #value(): Located {
    this.#blanks();
    const start = this.#offset;
    switch (this.#text[start]) {
      case "{":
        return this.#nested(() => this.#object(start));
      case "[":
        return this.#nested(() => this.#list(start));
      case '"':
        return { kind: "scalar", value: this.#string(), plain: null, place: this.#from(start) };
      default:
        return this.#word(start);
    }
  }

  #nested(read: () => Located): Located {
    this.#depth += 1;
    if (this.#depth > deepestNesting) {
      const message = `More than ${deepestNesting} levels of lists and objects`;
      throw new JsonProblem(message, this.#offset, "nested-too-deeply");
    }
    this.#offset += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(start: number): Located {
    const entries = new Map<string, LocatedEntry>();
    this.#separated("}", () => {
      const keyStart = this.#offset;
      if (this.#text[keyStart] !== '"') throw this.#unexpected("a key in double quotes");
      const name = this.#string();
      const key = this.#from(keyStart);
      this.#blanks();
      if (this.#text[this.#offset] !== ":") throw this.#unexpected("':'");
      this.#offset += 1;
      this.#add(entries, name, { key, value: this.#value() });
    });
    return { kind: "map", entries, place: this.#from(start) };
  }

  #add(entries: Map<string, LocatedEntry>, name: string, entry: LocatedEntry): void {
    const position = positionOf(entry.key);
    const first = entries.get(name);
    if (unsafeKeys.has(name)) {
      this.#report(finding("unsafe-key", `'${name}' cannot be used as a name`, { position }));
    } else if (first === undefined) {
      entries.set(name, entry);
    } else {
      const related = { message: "first here", position: positionOf(first.key) };
      const hint = "keep one of them";
      this.#report(
        finding("duplicate-key", `'${name}' stands twice in this object`, { position, related, hint }),
      );
    }
  }

  #list(start: number): Located {
    const items: Located[] = [];
    this.#separated("]", () => items.push(this.#value()));
    return { kind: "list", items, place: this.#from(start) };
  }

  #separated(close: "]" | "}", item: () => void): void {
    this.#blanks();
    if (this.#text[this.#offset] === close) {
      this.#offset += 1;
      return;
    }
    for (;;) {
      this.#blanks();
      if (this.#text[this.#offset] === close) {
        throw new JsonProblem(`A comma stands before the closing '${close}'`, this.#offset);
      }
      item();
      this.#blanks();
      const next = this.#text[this.#offset];
      if (next !== close && next !== ",") throw this.#unexpected(`',' or '${close}'`);
      this.#offset += 1;
      if (next === close) return;
    }
  }

  #string(): string {
    const match = this.#match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (match !== null) return String(JSON.parse(match));
    throw new JsonProblem("A text without its closing quote, or with a wrong escape", this.#offset);
  }

  #word(start: number): Located {
    const written = this.#match(
      /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b/y,
    );
    if (written === null) throw this.#unexpected("a value");
    const value = JSON.parse(written) as number | boolean | null;
    const place = this.#from(start);
    const problem = typeof value === "number" ? ambiguousNumber(value, written) : null;
    if (problem !== null) {
      this.#report(
        finding("ambiguous-number", problem.message, { position: positionOf(place), hint: problem.hint }),
      );
    }
    return { kind: "scalar", value, plain: written, place };
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text)?.[0] ?? null;
    if (match !== null) this.#offset += match.length;
    return match;
  }

  #blanks(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #unexpected(expected: string): JsonProblem {
    const character = this.#text.codePointAt(this.#offset);
    const found = character === undefined ? "the end of the file" : `'${String.fromCodePoint(character)}'`;
    return new JsonProblem(`Expected ${expected}, found ${found}`, this.#offset);
  }

  #from(start: number): Place {
    return { source: this.#source, start, end: this.#offset };
  }
}
