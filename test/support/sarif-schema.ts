import { Ajv } from "ajv";
import schema from "../fixtures/sarif/sarif-schema-2.1.0.json" with { type: "json" };

/** What the standard's own schema has against a SARIF log. */
export const sarifErrors = (log: unknown): string[] => {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ""}`);
};

const isUri = (text: string): boolean => URL.canParse(text);
const isReference = (text: string): boolean => URL.canParse(text, "file:///") && !/[\s<>"{}|\\^`]/.test(text);
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);

const formats = { uri: isUri, "uri-reference": isReference, "date-time": isTime };
const validate = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats }).compile(schema);
