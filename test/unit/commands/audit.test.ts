import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireAppendable } from "../../../src/commands/appendable.ts";
import { openAudit } from "../../../src/commands/audit.ts";

const subject = {
  caller: "arn:c",
  instanceArn: "arn:i",
  manifestDigest: "m",
  commit: null,
  runStartedAt: "2026-01-01T00:00:00.000Z",
};
const line = {
  time: "2026-01-01T00:00:01.000Z",
  planDigest: "p",
  address: "group/All",
  action: "create",
  requestIds: [],
  outcome: "done",
  calls: [],
} as const;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "reconcile-audit-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe("the audit trail", () => {
  it("is appended to, and readable by nobody else", () => {
    for (let run = 0; run < 2; run += 1) {
      const audit = openAudit("folder/audit.jsonl", subject, cwd);
      audit.record(line);
      audit.close();
    }
    const file = join(cwd, "folder/audit.jsonl");
    expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify({ ...line, ...subject })}\n`.repeat(2));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("goes to a device that is named", () => {
    const audit = openAudit("/dev/null", subject, cwd);
    audit.record(line);
    audit.close();
    expect(audit.failed.aborted).toBe(false);
  });

  it("follows no link, wherever it leads", () => {
    writeFileSync(join(cwd, "profile"), "precious\n");
    symlinkSync("profile", join(cwd, "audit.jsonl"));
    symlinkSync("nowhere", join(cwd, "dangling.jsonl"));
    for (const path of ["audit.jsonl", "dangling.jsonl"]) {
      expect(() => openAudit(path, subject, cwd)).toThrow(
        expect.objectContaining({
          code: "cannot-write",
          message: `Cannot write the audit trail ${path}: it is a symbolic link`,
          hint: "Give another place with --audit FILE",
        }),
      );
    }
    expect(readFileSync(join(cwd, "profile"), "utf8")).toBe("precious\n");
    expect(existsSync(join(cwd, "nowhere"))).toBe(false);
  });

  it("waits for nobody at a pipe, and is no folder", () => {
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    mkdirSync(join(cwd, "folder"));
    for (const path of ["pipe", "folder"]) {
      expect(() => openAudit(path, subject, cwd)).toThrow("it is no regular file");
    }
  });
});

it("names what cannot be appended to, and the option for another place", () => {
  symlinkSync("nowhere", join(cwd, "journal.jsonl"));
  expect(() => requireAppendable("journal.jsonl", { what: "journal", option: "--journal", cwd })).toThrow(
    expect.objectContaining({
      message: "Cannot write the journal journal.jsonl: it is a symbolic link",
      hint: "Give another place with --journal FILE",
    }),
  );
});
