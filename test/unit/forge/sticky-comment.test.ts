import { afterEach, beforeEach, expect, test } from "vitest";
import { subjectOfManifest } from "../../../src/forge/comment-subject.ts";
import { type CommentRequest, upsertComment } from "../../../src/forge/sticky-comment.ts";
import {
  badGateway,
  type GitHubServer,
  actionsBot,
  member,
  secondaryLimit,
  startGitHub,
  stranger,
} from "../../support/github-server.ts";
import { gitHub, jumpingClock, noon, rejection } from "./support.ts";

let server: GitHubServer;

beforeEach(async () => {
  server = await startGitHub();
  server.addIssue({ number: 7, isPullRequest: true });
});

afterEach(() => server.close());

const minute = 60_000;
const request = (more: Partial<CommentRequest> = {}): CommentRequest => ({
  subject: { environment: "production" },
  body: "### Plan: 1 to create\n",
  validAt: noon,
  plan: null,
  ...more,
});

const bodies = (): string[] => server.comments.map(({ body }) => body);
const writes = (): string[] =>
  server.log.filter((line) => !line.startsWith("GET") && !line.endsWith("/graphql"));
/** The body of a comment of ours, as the product itself writes it. */
const written = async (given: CommentRequest, attempt = 1): Promise<string> => {
  const other = await startGitHub();
  other.addIssue({ number: 7, isPullRequest: true });
  await upsertComment(gitHub(other, { attempt }), given);
  await other.close();
  return other.comments[0]?.body ?? "";
};

test("made on the first run, with an invisible marker before what was given", async () => {
  const result = await upsertComment(gitHub(server), request());
  expect(result).toEqual({ outcome: "created", url: expect.stringContaining("#issuecomment-") });
  expect(bodies()).toEqual([
    expect.stringMatching(
      /^<!-- reconcile:comment key=production valid-at=\S+ attempt=1 digest=\w+ -->\n### Plan: 1 to create\n$/,
    ),
  ]);
});

test("updated in place by the next run", async () => {
  await upsertComment(gitHub(server), request());
  const result = await upsertComment(
    gitHub(server),
    request({ body: "No changes.", validAt: noon + minute }),
  );
  expect(result.outcome).toBe("updated");
  expect(bodies()).toEqual([expect.stringContaining("No changes.")]);
});

test("not written where nothing is new", async () => {
  await upsertComment(gitHub(server), request());
  const before = writes().length;
  expect(await upsertComment(gitHub(server), request())).toMatchObject({ outcome: "unchanged" });
  expect(writes()).toHaveLength(before);
});

test("the same words at a later time move the time on, so that a run from in between stays older", async () => {
  await upsertComment(gitHub(server), request());
  await upsertComment(gitHub(server), request({ validAt: noon + 2 * minute }));
  const late = await upsertComment(gitHub(server), request({ body: "in between", validAt: noon + minute }));
  expect(late.outcome).toBe("older-run");
  expect(bodies()[0]).not.toContain("in between");
});

test("never overwritten by an older run; of one time, the later attempt counts", async () => {
  await upsertComment(gitHub(server, { attempt: 2 }), request({ body: "newest" }));
  const older = await upsertComment(
    gitHub(server, { attempt: 9 }),
    request({ body: "older", validAt: noon - 1 }),
  );
  const earlierAttempt = await upsertComment(
    gitHub(server, { attempt: 1 }),
    request({ body: "first attempt" }),
  );
  expect([older.outcome, earlierAttempt.outcome]).toEqual(["older-run", "older-run"]);
  expect(bodies()).toEqual([expect.stringContaining("newest")]);
  expect((await upsertComment(gitHub(server, { attempt: 3 }), request({ body: "third" }))).outcome).toBe(
    "updated",
  );
});

test("a time that a wrong clock put far ahead does not stop later runs", async () => {
  await upsertComment(gitHub(server), request({ validAt: noon + 365 * 24 * 60 * minute }));
  expect((await upsertComment(gitHub(server), request({ body: "now" }))).outcome).toBe("updated");
});

test("one for each environment, whatever it is called", async () => {
  const keys = ["production", "production-eu", "a --> b", "a=b c", "--", "zürich/ß"];
  for (const key of keys)
    await upsertComment(gitHub(server), request({ subject: { environment: key }, body: key }));
  for (const key of keys) {
    const again = await upsertComment(
      gitHub(server),
      request({ subject: { environment: key }, body: `${key} again`, validAt: noon + 1 }),
    );
    expect([key, again.outcome]).toEqual([key, "updated"]);
  }
  expect(bodies().map((body) => body.split("\n")[1])).toEqual(keys.map((key) => `${key} again`));
  for (const body of bodies()) expect(body.indexOf("--", 4)).toBe(body.indexOf("-->"));
});

test("a key without end is refused before anything is written", async () => {
  const error = await rejection(
    upsertComment(gitHub(server), request({ subject: { environment: "k".repeat(2000) } })),
  );
  expect(error.code).toBe("forge-key");
  expect(writes()).toEqual([]);
});

test("found on the third page", async () => {
  for (let index = 0; index < 230; index += 1) server.addComment(7, member, `talk ${index}`);
  await upsertComment(gitHub(server), request());
  await upsertComment(gitHub(server), request({ body: "later", validAt: noon + 1 }));
  expect(server.comments).toHaveLength(231);
});

test("a marker in somebody else's comment is not ours, even with our words", async () => {
  const forged = await written(request({ body: "approved!", validAt: noon + minute }));
  server.addComment(7, stranger, forged);
  server.addComment(7, member, forged);
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  expect(bodies().slice(0, 2)).toEqual([forged, forged]);
});

test.each(["> ", " ", "\n", "Quote:\n\n", "\ufeff"])(
  "a marker that is quoted in our own comment after %j is text",
  async (before) => {
    server.addComment(7, actionsBot, before + (await written(request())));
    expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  },
);

test("a body that begins with a marker of its own is text too", async () => {
  const forged = await written(request({ subject: { environment: "other" }, validAt: noon + minute }));
  await upsertComment(gitHub(server), request({ body: forged }));
  expect((await upsertComment(gitHub(server), request({ subject: { environment: "other" } }))).outcome).toBe(
    "created",
  );
});

test("where GitHub may not tell who we are, apps are believed, people are not", async () => {
  server.faults.push((call) =>
    call.path === "/graphql" ? { status: 403, body: { message: "Resource not accessible" } } : null,
  );
  const forged = await written(request({ body: "forged", validAt: noon + minute }));
  server.addComment(7, stranger, forged);
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  expect((await upsertComment(gitHub(server), request({ validAt: noon + 1 }))).outcome).toBe("updated");
  server.addComment(7, member, forged);
  expect((await upsertComment(gitHub(server), request({ validAt: noon + 2 }))).outcome).toBe("updated");
});

test.each([
  ["an error", { status: 200, body: { errors: [{ type: "RATE_LIMITED", message: "API rate limit" }] } }],
  ["nothing", { status: 200, body: { data: { viewer: null } } }],
])("where GitHub answers with %s when asked who we are, nobody's words pass for ours", async (_, answer) => {
  server.faults.push((call) => (call.path === "/graphql" ? answer : null));
  server.addComment(7, member, await written(request({ body: "no changes", validAt: noon + minute })));
  const before = bodies();
  expect((await rejection(upsertComment(gitHub(server), request()))).message).toContain("GitHub");
  expect(bodies()).toEqual(before);
});

test("a plan of each manifest, and of each instance of one, has its own; what came to no plan joins it", async () => {
  const of = (manifest: string, instance: string | null, body: string, validAt = noon) =>
    upsertComment(gitHub(server), request({ subject: { manifest, instance }, body, validAt }));
  await of("one", null, "not valid");
  await of("one", "d-1", "one in d-1", noon + 1);
  await of("two", "d-1", "two in d-1");
  await of("one", "d-2", "one in d-2");
  await of("one", "d-1", "one in d-1 again", noon + 2);
  expect(bodies().map((body) => body.split("\n")[1])).toEqual([
    "one in d-1 again",
    "two in d-1",
    "one in d-2",
  ]);
  expect(await subjectOfManifest(gitHub(server), "two")).toEqual({ manifest: "two", instance: "d-1" });
  expect(await subjectOfManifest(gitHub(server), "three")).toEqual({ manifest: "three", instance: null });
  // It could be either.
  expect(await subjectOfManifest(gitHub(server), "one")).toBeNull();
});

test("words that were edited by hand are restored, also by the same run", async () => {
  await upsertComment(gitHub(server), request());
  const [comment] = server.comments;
  if (comment === undefined) throw new Error("no comment");
  comment.body = comment.body.replace("1 to create", "nothing to see");
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("updated");
  expect(bodies()).toEqual([expect.stringContaining("1 to create")]);
});

test("an older run does not touch them", async () => {
  await upsertComment(gitHub(server), request());
  const [comment] = server.comments;
  if (comment === undefined) throw new Error("no comment");
  comment.body += "Edited.";
  const before = writes().length;
  expect((await upsertComment(gitHub(server), request({ validAt: noon - 1 }))).outcome).toBe("older-run");
  expect(writes()).toHaveLength(before);
});

test("line ends that the forge changed are no edit", async () => {
  await upsertComment(gitHub(server), request({ body: "one\ntwo\n" }));
  const [comment] = server.comments;
  if (comment === undefined) throw new Error("no comment");
  comment.body = comment.body.replaceAll("\n", "\r\n").trimEnd();
  expect((await upsertComment(gitHub(server), request({ body: "one\ntwo\n" }))).outcome).toBe("unchanged");
});

test("a forge that changes what is written does not keep us writing", async () => {
  server.faults.push((call) => {
    if (call.method === "POST" && call.path.endsWith("/comments"))
      call.body.body = String(call.body.body).replace("create", "CREATE");
    return null;
  });
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  expect(writes()).toHaveLength(1);
});

test("two runs that raced end with one comment: the oldest place, the newest words", async () => {
  const other = await written(request({ body: "newer", validAt: noon + minute }));
  let raced = false;
  server.faults.push((call) => {
    if (call.method === "POST" && call.path.endsWith("/comments") && !raced) {
      raced = true;
      server.addComment(7, actionsBot, other);
    }
    return null;
  });
  const mine = await upsertComment(gitHub(server), request({ body: "mine" }));
  expect(mine.outcome).toBe("older-run");
  expect(bodies()).toEqual([other]);
});

test("the newest words move into the oldest of several, and the others go", async () => {
  const texts = await Promise.all(
    [0, 2, 1].map((at) => written(request({ body: `at ${at}`, validAt: noon + at }))),
  );
  for (const text of texts) server.addComment(7, actionsBot, text);
  const [oldest] = server.comments;
  expect((await upsertComment(gitHub(server), request({ validAt: noon - 1 }))).outcome).toBe("older-run");
  expect(server.comments).toEqual([{ ...oldest, body: texts[1] }]);
});

test("a newer run that writes between our look and our write is seen before ours goes out", async () => {
  await upsertComment(gitHub(server), request());
  const newer = await written(request({ body: "newer", validAt: noon + 2 * minute }));
  let listed = false;
  server.faults.push((call) => {
    const [comment] = server.comments;
    // After the list was answered, before the comment is read again.
    if (listed && comment !== undefined) comment.body = newer;
    if (call.path.endsWith("/7/comments")) listed = true;
    return null;
  });
  const result = await upsertComment(gitHub(server), request({ body: "mine", validAt: noon + minute }));
  expect(result.outcome).toBe("older-run");
  expect(bodies()).toEqual([newer]);
});

test("an older run that overwrites ours in the last moment is overwritten in turn", async () => {
  await upsertComment(gitHub(server), request());
  const older = await written(request({ body: "older", validAt: noon + 1 }));
  let patched = 0;
  let spoilt = false;
  server.faults.push((call) => {
    const [comment] = server.comments;
    if (patched === 1 && !spoilt && comment !== undefined) {
      spoilt = true;
      comment.body = older;
    }
    if (call.method === "PATCH") patched += 1;
    return null;
  });
  const result = await upsertComment(gitHub(server), request({ body: "mine", validAt: noon + minute }));
  expect(result.outcome).toBe("updated");
  expect(bodies()).toEqual([expect.stringContaining("mine")]);
  expect(patched).toBe(2);
});

test("a comment that never stands still is given up, with what to do", async () => {
  await upsertComment(gitHub(server), request());
  let count = 0;
  server.faults.push(() => {
    const [comment] = server.comments;
    count += 1;
    if (comment !== undefined) comment.body += `${count}`;
    return null;
  });
  const error = await rejection(
    upsertComment(gitHub(server), request({ body: "mine", validAt: noon + minute })),
  );
  expect(error).toMatchObject({ code: "forge-contention", hint: expect.stringContaining("concurrency") });
});

test("a comment that is deleted before it is updated is made again", async () => {
  await upsertComment(gitHub(server), request());
  let gone = false;
  server.faults.push((call) => {
    if (call.method === "PATCH" && !gone) {
      gone = true;
      server.comments.length = 0;
    }
    return null;
  });
  expect((await upsertComment(gitHub(server), request({ validAt: noon + 1 }))).outcome).toBe("created");
  expect(server.comments).toHaveLength(1);
});

test("a lost reply to a new comment does not make a second one", async () => {
  let lost = false;
  server.faults.push((call) => {
    if (call.method !== "POST" || call.path === "/graphql" || lost) return null;
    lost = true;
    return "lost";
  });
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  expect(server.comments).toHaveLength(1);
});

test("where creating fails for good, that is the error", async () => {
  server.faults.push((call) => (call.method === "POST" && call.path !== "/graphql" ? badGateway : null));
  expect(await rejection(upsertComment(gitHub(server), request()))).toMatchObject({
    code: "forge-unavailable",
  });
});

test("a secondary limit is waited for", async () => {
  const clock = jumpingClock();
  let limited = false;
  server.faults.push((call) => {
    if (call.method !== "POST" || call.path === "/graphql" || limited) return null;
    limited = true;
    return secondaryLimit(8);
  });
  expect((await upsertComment(gitHub(server, {}, clock), request())).outcome).toBe("created");
  expect(clock.waits).toEqual([8000]);
});

test("a list that lags behind what was just made does not make it twice", async () => {
  let listed = 0;
  server.faults.push((call) => {
    if (call.method === "GET" && call.path.endsWith("/7/comments")) listed += 1;
    return listed === 2 && call.method === "GET" ? { status: 200, body: [] } : null;
  });
  expect((await upsertComment(gitHub(server), request())).outcome).toBe("created");
  expect(server.comments).toHaveLength(1);
  expect(listed).toBe(2);
});
