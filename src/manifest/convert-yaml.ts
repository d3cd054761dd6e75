import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from "yaml";
import { finding, type ManifestCode, type Report } from "./codes.ts";
import type { Located, LocatedEntry, LocatedScalar } from "./located.ts";
import { type Place, positionOf, type Source } from "./source.ts";
import { ambiguousNumber, unsafeKeys } from "./values.ts";

/** A composed document as located values. Aliases are resolved here, once each, so that a bomb costs nothing. */
export const convertDocument = (document: Document, source: Source, report: Report): Located => {
  const convert = new Converter(source, report);
  return convert.node(document.contents, { source, start: 0, end: 0 });
};

/** How many values aliases may stand for in one file, all taken together. */
const mostAliasedValues = 20_000;

interface Anchored {
  /** null: it is still being read, so the alias stands inside of what it names. */
  readonly value: Located | null;
  /** How many values it holds. */
  readonly size: number;
}

class Converter {
  readonly #source: Source;
  readonly #report: Report;
  readonly #anchors = new Map<string, Anchored>();
  #values = 0;
  #aliased = 0;

  constructor(source: Source, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  node(node: Node | null | undefined, fallback: Place): Located {
    this.#values += 1;
    if (node === null || node === undefined) return nothing(fallback);
    const place = this.#placeOf(node);
    if (isAlias(node)) return this.#alias(node.source, place);
    if (node.tag !== undefined) this.#refuseTag(node.tag, place);
    if (node.anchor === undefined) return this.#content(node, place);
    const before = this.#values;
    this.#anchors.set(node.anchor, { value: null, size: 0 });
    const value = this.#content(node, place);
    this.#anchors.set(node.anchor, { value, size: this.#values - before + 1 });
    return value;
  }

  #content(node: Node, place: Place): Located {
    if (isScalar(node)) return this.#scalar(node, place);
    if (isSeq<Node>(node)) {
      return { kind: "list", items: node.items.map((item) => this.node(item, place)), place };
    }
    const entries = new Map<string, LocatedEntry>();
    if (isMap<Node | null, Node | null>(node)) {
      for (const pair of node.items) this.#entry(pair, entries, place);
    }
    return { kind: "map", entries, place };
  }

  #scalar(node: Scalar, place: Place): LocatedScalar {
    const plain = node.type === Scalar.PLAIN ? (node.source ?? "") : null;
    if (typeof node.value === "number" && plain !== null) {
      const problem = ambiguousNumber(node.value, plain);
      if (problem !== null) this.#refuse("ambiguous-number", problem.message, place, problem.hint);
    }
    return { kind: "scalar", value: scalarValue(node.value), plain, place };
  }

  #entry(pair: Pair<Node | null, Node | null>, entries: Map<string, LocatedEntry>, place: Place): void {
    const key = this.#key(pair.key, place);
    const after = { source: place.source, start: key.place.end, end: key.place.end };
    const value = this.node(pair.value, after);
    if (key.name === null) return;
    const first = entries.get(key.name);
    if (first === undefined) {
      entries.set(key.name, { key: key.place, value });
      return;
    }
    this.#report(
      finding("duplicate-key", `'${key.name}' stands twice in this map`, {
        position: positionOf(key.place),
        related: { message: "first here", position: positionOf(first.key) },
        hint: "keep one of them",
      }),
    );
  }

  /** Keys are names, and a name is what is written: 007, on and true are names like any other. */
  #key(node: Node | null, fallback: Place): { name: string | null; place: Place } {
    const place = node === null ? fallback : this.#placeOf(node);
    if (!isScalar(node)) {
      this.#refuse("unclear-key", "A key must be a text", place);
      return { name: null, place };
    }
    if (node.value === null) {
      const hint = "put the name in quotes";
      this.#refuse("unclear-key", `'${node.source ?? ""}' is read as no value at all`, place, hint);
      return { name: null, place };
    }
    const name = typeof node.value === "string" ? node.value : (node.source ?? "");
    if (node.tag !== undefined) this.#refuseTag(node.tag, place);
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, { value: { kind: "scalar", value: name, plain: null, place }, size: 1 });
    }
    if (name === "<<" && node.type === Scalar.PLAIN) {
      this.#refuse("merge-key", "Merge keys (<<) are not supported", place, mergeHint);
      return { name: null, place };
    }
    if (unsafeKeys.has(name)) {
      this.#refuse("unsafe-key", `'${name}' cannot be used as a name`, place);
      return { name: null, place };
    }
    return { name, place };
  }

  #alias(name: string, place: Place): Located {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined || anchored.value === null) {
      const message =
        anchored === undefined ? `No anchor &${name} stands before` : `&${name} holds an alias of itself`;
      this.#refuse("unresolved-alias", message, place, `to mean the text, put it in quotes: "*${name}"`);
      return refused(place);
    }
    const within = this.#aliased <= mostAliasedValues;
    this.#values += anchored.size;
    this.#aliased += anchored.size;
    if (this.#aliased <= mostAliasedValues) return anchored.value;
    if (within) {
      const message = `Aliases stand for more than ${mostAliasedValues} values`;
      this.#refuse("aliases-too-large", message, place, "write the values out");
    }
    return refused(place);
  }

  #refuseTag(tag: string, place: Place): void {
    const name = tag.replace("tag:yaml.org,2002:", "!!");
    this.#refuse("yaml-tag", `The tag ${name} is not supported`, place, tagHint);
  }

  #refuse(code: ManifestCode, message: string, place: Place, hint?: string): void {
    this.#report(finding(code, message, { position: positionOf(place), hint }));
  }

  #placeOf(node: Node): Place {
    const [start, end] = node.range ?? [0, 0];
    return { source: this.#source, start, end };
  }
}

const tagHint = 'remove it; to mean a text, use quotes ("...")';
const mergeHint = "write the keys out, or use an alias for a whole value (members: *team)";

const nothing = (place: Place): LocatedScalar => ({ kind: "scalar", value: null, plain: "", place });

/** Stands for what has been refused at that place. */
const refused = (place: Place): LocatedScalar => ({ kind: "scalar", value: null, plain: null, place });

/** The core schema makes nothing else. */
const scalarValue = (value: unknown): LocatedScalar["value"] =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
