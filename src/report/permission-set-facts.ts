import type { Change, RiskReason } from "../plan/plan.ts";
import { givenRights } from "./given-rights.ts";
import { few } from "./labels.ts";
import { type RiskFact, type RiskRank, same } from "./risk-fact.ts";
import { rankOf } from "./risk-rank.ts";
import { reasonsText, unreadText } from "./risk-words.ts";

/** What an edit of a permission set means to those who have it, and what its replacement does to its IAM roles. */
export const permissionSetFacts = (change: Extract<Change, { kind: "permissionSet" }>): RiskFact[] => {
  const { code, detail = "" } = change.reason;
  // Where the one under the new name was there before, only this tells of the other.
  if (change.action === "delete") return code === "renamed" ? [replacement(change.before.name, detail)] : [];
  const { name } = change.after;
  const { direction, reasons, accounts = [], administratorAccounts = [] } = change.risk;
  const toWhom = holders(change.risk.principals ?? []);
  const { unread } = change.risk;
  const where = accounts.length > 0 ? " in" : unread === undefined ? " (it is not assigned)" : "";
  const elsewhere =
    unread === undefined
      ? ""
      : `, and nobody knows where${accounts.length > 0 ? " else" : ""}, because this was not read: ${unreadText(unread)}`;
  const fact = (rank: RiskRank, does: string, after = ""): RiskFact => ({
    rank,
    who: null,
    sentence: {
      verb: same(""),
      what: `permission set ${name} ${does}${where}`,
      how: same(toWhom + elsewhere + after),
    },
    accounts,
    firstAccess: [],
  });
  const replaced = code === "renamed" ? [replacement(detail, name)] : [];
  // What those lose who have it under the earlier name is told of their assignments, as far as these go.
  const isEdit = change.action === "update";
  const given = isEdit ? givenRights(change.before, change.after) : "";
  const notAdministrator = fact("loses-administrator", "no longer gives administrator access");
  if (direction === "broadening") {
    return [
      fact(
        rankOf(reasons),
        reasons.some((reason) => surelyMore.has(reason)) ? "allows more" : "may allow more",
        `: ${reasonsText(reasons, given)}`,
      ),
      ...(isEdit && reasons.includes("administrator-removed") ? [notAdministrator] : []),
      ...(isEdit && reasons.includes("rights-removed") ? [fact("loses-access", "also allows less")] : []),
      ...replaced,
    ];
  }
  if (direction !== "narrowing" || !isEdit) return replaced;
  return [administratorAccounts.length > 0 ? notAdministrator : fact("loses-access", "allows less")];
};

const surelyMore: ReadonlySet<RiskReason> = new Set<RiskReason>([
  "boundary-changed",
  "boundary-removed",
  "deny-removed",
  "policy-added",
  "session-lengthened",
]);

/** A version that accounts do not have is provisioned there. */
export const provisioningFacts = ({
  permissionSet,
  risk,
}: Extract<Change, { kind: "provisioning" }>): RiskFact[] => {
  if (risk.direction !== "broadening") return [];
  const what = `permission set ${permissionSet} replaces an older version in`;
  const isOrdinary = risk.reasons.every((reason) => reason === "management-account");
  const allowed = reasonsText(risk.reasons);
  const now = allowed === "" ? "" : `${isOrdinary ? ", " : "; now: "}${allowed}`;
  const how = same(`, and nobody knows what it allowed there${now}`);
  const sentence = { verb: same(""), what, how };
  const { accounts = [] } = risk;
  return [{ rank: rankOf(risk.reasons), who: null, sentence, accounts, firstAccess: [] }];
};

const replacement = (old: string, name: string): RiskFact => ({
  rank: "notice",
  who: null,
  sentence: {
    verb: same(""),
    what: `permission set ${old} is replaced by ${name}: names of its IAM roles change, and what refers to them (resource policies, KMS keys, EKS) must follow`,
    how: same(""),
  },
  accounts: [],
  firstAccess: [],
});

/** `, for group Developers, user jane.doe`. */
const holders = (principals: readonly string[]): string =>
  principals.length === 0 ? "" : `, for ${few(principals.map((principal) => principal.replace(":", " ")))}`;
