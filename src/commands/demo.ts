import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startSandbox } from "../sandbox/server.ts";
import type { CommandContext } from "./context.ts";
import { changeByHand } from "./demo-by-hand.ts";
import { exitCodes } from "./exit-codes.ts";
import type { DefineCommand } from "./program.ts";
import { runChild } from "./run-child.ts";
import { sandboxEnvironment } from "./sandbox-environment.ts";

export const defineDemo: DefineCommand = (command, context, done) => {
  command
    .option("--fast", "without AWS's real rates and durations")
    .action(async (options: { fast?: true }) =>
      done(await demo(options.fast === true ? "fast" : "real", context)),
    );
};

/** Runs the real commands, as a user would type them, each in a process of its own. Stops at the first surprise. */
const demo = async (speed: "real" | "fast", context: CommandContext): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), "reconcile-demo-"));
  const sandbox = await startSandbox({ speed });
  try {
    // The command stands in dist/ or src/, both below the package's root.
    const [, script] = context.self;
    await cp(join(dirname(script), "../examples/getting-started"), folder, { recursive: true });
    const env = sandboxEnvironment(sandbox.url, context.env);
    const say = (text: string) => context.stdout.write(text);
    say(opening(speed));
    for (const [index, step] of steps.entries()) {
      if (context.signal.aborted) return exitCodes.interrupted;
      say(heading(`${index + 1}. ${step.title}`, step.explanation, context.stdout.colour));
      if (step.byHand === true) await changeByHand(sandbox.url, say, context.sleep);
      for (const { command, expected } of step.commands) {
        say(`$ reconcile ${command.join(" ")}\n`);
        const exitCode = await runChild([...context.self, ...command], env, {
          cwd: folder,
          signal: context.signal,
        });
        if (exitCode !== expected) {
          say(`\nThe demo expected exit code ${expected} here and got ${exitCode}: it stops.\n`);
          return exitCodes.failed;
        }
      }
    }
    say(closing);
    return exitCodes.ok;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Step {
  readonly title: string;
  readonly explanation: string;
  readonly byHand?: true;
  readonly commands: readonly { readonly command: readonly string[]; readonly expected: number }[];
}

const steps: readonly Step[] = [
  {
    title: "Check the manifest",
    explanation:
      "access.yaml says who can reach what: one user, three groups, three permission sets, two accounts.",
    commands: [{ command: ["validate"], expected: exitCodes.ok }],
  },
  {
    title: "Plan",
    explanation: "Compare it with what stands in Identity Center. Nothing stands there yet.",
    commands: [
      { command: ["plan", "--out", "plan.json", "--detailed-exitcode"], expected: exitCodes.changes },
    ],
  },
  {
    title: "Apply exactly that plan",
    explanation:
      "In dependency order and within AWS's rate limits. Had anything moved that it touches, it would refuse.",
    commands: [{ command: ["apply", "--plan", "plan.json"], expected: exitCodes.ok }],
  },
  {
    title: "Plan again",
    explanation: "What stands there is what the manifest says.",
    commands: [{ command: ["plan", "--detailed-exitcode"], expected: exitCodes.ok }],
  },
  {
    title: "Somebody changes access by hand",
    explanation: "In the console, or with the AWS CLI, past the review:",
    byHand: true,
    commands: [],
  },
  {
    title: "Plan shows exactly that",
    explanation: "The risky part comes first.",
    commands: [
      { command: ["plan", "--out", "plan.json", "--detailed-exitcode"], expected: exitCodes.changes },
    ],
  },
  {
    title: "Apply repairs it",
    explanation: "And the plan after it is empty.",
    commands: [
      { command: ["apply", "--plan", "plan.json"], expected: exitCodes.ok },
      { command: ["plan", "--detailed-exitcode"], expected: exitCodes.ok },
    ],
  },
];

const opening = (speed: "real" | "fast"): string => `
reconcile keeps AWS IAM Identity Center as the YAML in Git says.
This demo runs the real commands against a local Identity Center that speaks AWS's protocol${
  speed === "real" ? ", at AWS's real speed" : ""
}.
No AWS account is used; nothing is left behind.
`;

const closing = `
That was the whole loop. Next, in the folder of the package (from a clone, \`reconcile\` is \`node dist/reconcile.js\`):

  a larger manifest, with organizational units, tags, exceptions and groups of an identity provider:
    reconcile sandbox --seed examples/organization/seed.json -- reconcile plan examples/organization
  a local Identity Center to try your own manifest on:
    reconcile sandbox
  your own instance, with AWS credentials and its Region; plan only reads:
    AWS_REGION=us-east-1 reconcile plan
`;

const heading = (title: string, explanation: string, colour: boolean): string => {
  const line = colour ? `\u001b[1m${title}\u001b[22m` : title;
  return `\n${line}\n${"─".repeat(title.length)}\n${explanation}\n\n`;
};
