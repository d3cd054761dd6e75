#!/usr/bin/env node
// schemas/*.schema.json → src/generated: TypeScript types and precompiled ajv validators, so that the schema is
// the one source of truth and no command compiles one at start (85 ms, and an eval).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { compile } from "json-schema-to-typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = `${root}/src/generated`;

// `anyOf: [{required: [..]}, ..]` says which keys must be there; as a type it would only hide the real one.
const withoutPresenceRules = (node) => {
  if (Array.isArray(node)) return node.map(withoutPresenceRules);
  if (node === null || typeof node !== "object") return node;
  const isPresenceRule = (rule) => Object.keys(rule).join() === "required";
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === "anyOf" && Array.isArray(value) && value.every(isPresenceRule)))
      .map(([key, value]) => [key, withoutPresenceRules(value)]),
  );
};

// ajv writes require() into ESM output (ajv-validator/ajv#1976). What a default import of such a CommonJS file is
// depends on who loads it: Node.js and esbuild give its exports, vitest their `default`.
const asEsm = (code) => {
  const imports = [];
  const body = code.replace(/require\("([^"]+)"\)\.default/g, (_, path) => {
    imports.push(`import runtime${imports.length} from "${path}.js";`);
    return `(runtime${imports.length - 1}.default ?? runtime${imports.length - 1})`;
  });
  return [...imports, body].join("\n");
};

mkdirSync(out, { recursive: true });

for (const file of readdirSync(`${root}/schemas`).filter((name) => name.endsWith(".schema.json"))) {
  const name = file.replace(/\.schema\.json$/, "").replace(/^access-/, "");
  const schema = JSON.parse(readFileSync(`${root}/schemas/${file}`, "utf8"));
  const types = await compile(withoutPresenceRules(schema), schema.title, {
    bannerComment: `// Generated from schemas/${file} by .ci/generate.mjs.`,
    additionalProperties: false,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  const ajv = new Ajv2020({
    // A manifest is told all that is wrong with it; of other files the first mistake says enough, and all may be very many.
    allErrors: name === "manifest",
    // Findings about a manifest quote what stands there; the other validators only say where.
    verbose: name === "manifest",
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  const code = asEsm(standaloneCode.default(ajv, ajv.compile(schema)));
  writeFileSync(
    `${out}/validate-${name}.js`,
    `// Generated from schemas/${file} by .ci/generate.mjs.\n${code}`,
  );
  writeFileSync(
    `${out}/validate-${name}.d.ts`,
    `import type { ValidateFunction } from "ajv";\nexport declare const validate: ValidateFunction<unknown>;\n`,
  );
  writeFileSync(`${out}/${name}.ts`, types);
}
