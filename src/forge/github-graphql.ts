import { escapeTerminal } from "../report/escape.ts";
import { ForgeError } from "./errors.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import type { LastEdit } from "./forge.ts";
import { badReply, type ForgeHttp } from "./http.ts";

/** What REST does not tell a workflow's token. Ids are those of REST, as text. */

/** Rejects with ForgeError where GraphQL does not say. */
export const viewer = async (apiUrl: string, http: ForgeHttp): Promise<string> => {
  const id = idOf((await ask(apiUrl, http, "query { viewer { databaseId } }")).viewer);
  if (id === null) throw badReply("GitHub", "nothing, when asked whose token this is");
  return id;
};

/** `nodeId` is the comment's node_id in REST. Rejects with ForgeError where GraphQL does not say. */
export const lastEdit = async (apiUrl: string, http: ForgeHttp, nodeId: string): Promise<LastEdit> => {
  const data = await ask(apiUrl, http, editQuery, { id: nodeId });
  const comment = fieldsOf(data.node);
  if (!("lastEditedAt" in comment))
    throw badReply("GitHub", "a comment that does not say when it was edited");
  return comment.lastEditedAt === null ? null : { by: idOf(comment.editor) };
};

const editQuery = `query ($id: ID!) {
  node(id: $id) {
    ... on IssueComment { lastEditedAt editor { ... on Bot { databaseId } ... on User { databaseId } } }
  }
}`;

const ask = async (
  apiUrl: string,
  http: ForgeHttp,
  query: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> => {
  // On GitHub Enterprise Server the two APIs are /api/v3 and /api/graphql.
  const url = `${apiUrl.replace(/\/v3$/, "")}/graphql`;
  const { data, errors } = fieldsOf(await http.ask(url, { query, variables }));
  // GraphQL says in a reply of status 200 that it refuses, or that a rate limit is used up.
  const [first] = listOf(errors);
  if (first === undefined) return fieldsOf(data);
  const { type, message } = fieldsOf(first);
  const why = `${textOf(type) ?? "error"}: ${textOf(message) ?? "without a word"}`.slice(0, 200);
  const reason = type === "FORBIDDEN" ? "forbidden" : "unavailable";
  throw new ForgeError(reason, `GitHub's GraphQL API answered with ${escapeTerminal(why)}`, {
    hint: "Run it again; where it stays so, look whether the token may use GraphQL",
  });
};

const idOf = (actor: unknown): string | null => {
  const id = numberOf(fieldsOf(actor).databaseId);
  return id === null ? null : String(id);
};

/** Of a comment, as REST shows it. */
export const nodeIdOf = (comment: unknown): string => {
  const id = textOf(fieldsOf(comment).node_id);
  if (id === null) throw badReply("GitHub", "a comment that has no node_id");
  return id;
};
