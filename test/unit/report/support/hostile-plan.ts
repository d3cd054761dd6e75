import type { Plan } from "../../../../src/plan/plan.ts";
import { permissionSet, plan, position, user } from "../../plan/builders.ts";

/** Names that try whatever Markdown, HTML, GitHub, GitLab, a terminal, XML or a spreadsheet would fall for. */
export const hostileNames: readonly string[] = [
  "</summary></details><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "@acme/security and @everyone",
  "#12 GH-34 acme/access#5 !6 ~bug %1 $7 &8",
  "[click](https://evil.example/x) ![p](https://evil.example/p.png)",
  "https://evil.example www.evil.example mailto:a@evil.example",
  "| a | b |\n|---|---|\n| c | d |",
  "````\n```diff\n+ fake",
  "`code` **bold** _it_ ~~gone~~ <!-- hidden",
  ":rocket: :shipit: deadbeefcafe",
  "a\u202Egro.elpmaxe\u202C \u200Bhidden\u0000\u001B[2J",
  "::error::fake ##[error]fake",
  '=HYPERLINK("https://evil.example")',
  "- item\n# title\n> quote\n---\n    code",
  "x]]>&amp;&#64;y{0}",
];

export const hostileAccounts: ReadonlyMap<string, string> = new Map([
  ["111111111111", hostileNames.join(" ")],
  ["222222222222", hostileNames[0] ?? ""],
  ["333333333333", hostileNames[3] ?? ""],
]);

export const hostilePlan = (): Plan =>
  plan(
    {
      name: "acme | <b>@team</b>",
      users: hostileNames.map((name) => user(name, { title: name })),
      groups: hostileNames.map((name) => ({ displayName: name, description: name })),
      memberships: hostileNames.map((name) => `${name.replaceAll("/", "∕")}/jane`),
      permissionSets: [
        {
          name: "Admin",
          managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"],
          description: hostileNames.join(" "),
        },
        { name: "Dev", tags: Object.fromEntries(hostileNames.map((name) => [name, name])) },
      ],
      assignments: ["111111111111", "222222222222", "333333333333"].flatMap((account) =>
        hostileNames
          .filter((name) => !/[/:]/.test(name))
          .map((name) => `${account}/${account.startsWith("1") ? "Admin" : "Dev"}/group:${name}`),
      ),
      findings: hostileNames.map((name) => ({
        code: "warning-of-a-name",
        severity: "warning",
        message: `about ${name}`,
        hint: name,
        position: position(7, `access/${name}.yaml`),
      })),
      skipped: hostileNames.map((name) => ({ subject: `user/${name}`, reason: name, position: position(8) })),
    },
    {
      permissionSets: [permissionSet("Dev")],
      accountNames: Object.fromEntries(hostileAccounts),
      unread: hostileNames.map((name) => ({ scope: `membership/${name}/*`, reason: name })),
    },
  );
