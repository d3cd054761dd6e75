import { describe, expect, it } from "vitest";
import { findDrift } from "../../../src/drift/find-drift.ts";
import { findWho } from "../../../src/drift/find-who.ts";
import type { AuditEvent, AuditTrail } from "../../../src/model/audit-event.ts";
import { AwsError } from "../../../src/model/errors.ts";
import type { LiveIds } from "../../../src/model/live-state.ts";
import type { DesiredSketch, LiveSketch } from "../plan/builders.ts";
import { comparison } from "./sketches.ts";

const now = Date.UTC(2026, 5, 1);
const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

const event = (name: string, mentions: readonly string[], more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: `${name}-${mentions.join("-")}`,
  time: now - 60_000,
  name,
  source: "sso.amazonaws.com",
  actor: "arn:aws:sts::999999999999:assumed-role/Admin/jane",
  from: "203.0.113.7",
  failed: false,
  mentions: new Set(mentions),
  ...more,
});

const trailOf = (
  events: readonly AuditEvent[],
  complete = true,
): AuditTrail & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    lookUp: async (name) => {
      asked.push(name);
      return { events: events.filter((each) => each.name === name), complete };
    },
    close: () => {},
  };
};

const who = async (
  wanted: DesiredSketch,
  there: LiveSketch,
  trail: AuditTrail,
  ids: Partial<LiveIds> = {},
) => {
  const compared = comparison(wanted, there, ids);
  return findWho(findDrift({ ...compared, builtInRules: [] }), compared.live, trail, now);
};

describe("who did it", () => {
  it("is who made the call that mentions every id", async () => {
    const drift = await who(
      { groups: ["A"], permissionSets: ["Dev"] },
      { groups: ["A"], permissionSets: ["Dev"], assignments: ["111111111111/Dev/group:A"] },
      trailOf([
        event("CreateAccountAssignment", ["ps-Dev", "group-A", "222222222222"]),
        event("CreateAccountAssignment", ["ps-Dev", "group-A", "111111111111"], { time: now - 5000 }),
        event("CreateAccountAssignment", ["ps-Dev", "group-A", "111111111111"], { failed: true, time: now }),
      ]),
    );
    expect(drift.findings[0]?.who).toEqual([
      {
        time: "2026-05-31T23:59:55Z",
        event: "CreateAccountAssignment",
        actor: "arn:aws:sts::999999999999:assumed-role/Admin/jane",
        from: "203.0.113.7",
        eventId: "CreateAccountAssignment-ps-Dev-group-A-111111111111",
      },
    ]);
    expect(drift.who).toEqual({ since: "2026-03-03T00:00:00Z", notes: [] });
  });

  it("is found for a membership that is gone, by the call that made it", async () => {
    const drift = await who(
      { groups: ["A"], users: ["u"], managedMembers: ["A"], memberships: ["A/u"] },
      { groups: ["A"], users: ["u"] },
      trailOf([
        event("CreateGroupMembership", [uuid("a"), uuid("b"), uuid("c"), "d-1234567890"]),
        event("DeleteGroupMembership", [uuid("c")]),
        event("DeleteGroupMembership", [uuid("d")]),
      ]),
      { groups: new Map([["A", uuid("a")]]), users: new Map([["u", uuid("b")]]) },
    );
    expect(drift.findings.map(({ who: deeds }) => deeds?.map(({ eventId }) => eventId))).toEqual([
      [`DeleteGroupMembership-${uuid("c")}`],
    ]);
  });

  it("is found for a permission set that is gone, by its name at the time", async () => {
    const arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    const drift = await who(
      { permissionSets: ["Dev"] },
      {},
      trailOf([event("CreatePermissionSet", ["Dev", arn]), event("DeletePermissionSet", [arn])]),
    );
    expect(drift.findings[0]?.who?.[0]?.event).toBe("DeletePermissionSet");
  });

  it("is not guessed for deleted users: CloudTrail leaves names out", async () => {
    const drift = await who({ users: ["u"] }, {}, trailOf([event("DeleteUser", [uuid("a")])]));
    expect(drift.findings[0]).not.toHaveProperty("who");
    expect(drift.who?.notes[0]).toBe(
      "CloudTrail does not tell the names of deleted users. Deletions of users that it has: 2026-05-31T23:59:00Z by arn:aws:sts::999999999999:assumed-role/Admin/jane",
    );
  });

  it("is a note where CloudTrail may not be asked, and it is asked no more", async () => {
    const trail = trailOf([]);
    const refused: AuditTrail = {
      ...trail,
      lookUp: async (name, since) => {
        await trail.lookUp(name, since);
        throw new AwsError("access-denied", "cloudtrail:LookupEvents: not allowed", { hint: "Allow it" });
      },
    };
    const drift = await who({ permissionSets: ["Dev"], users: ["u"] }, {}, refused);
    expect(trail.asked).toHaveLength(1);
    expect(drift.who?.notes).toContain(
      "CloudTrail could not be asked: cloudtrail:LookupEvents: not allowed. Allow it",
    );
    expect(drift.counts.missing).toBe(2);
  });

  it("says where not everything was looked through, or nothing was found", async () => {
    const drift = await who({ groups: ["A"] }, {}, trailOf([], false));
    expect(drift.who?.notes).toEqual([
      "There are more DeleteGroup calls than were looked through; older ones are left out",
      "CloudTrail has nothing on some of these: it keeps 90 days, and the last 15 minutes may not be in it yet",
    ]);
  });

  it("asks for nothing but the calls that can have done it", async () => {
    const trail = trailOf([]);
    await who(
      { permissionSets: [{ name: "Dev", managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }] },
      { permissionSets: ["Dev"] },
      trail,
    );
    expect(trail.asked).toEqual([
      "AttachManagedPolicyToPermissionSet",
      "DetachManagedPolicyFromPermissionSet",
    ]);
  });
});
