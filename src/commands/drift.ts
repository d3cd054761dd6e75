import { builtInRules } from "../plan/built-in-rules.ts";
import type { Drift } from "../drift/drift.ts";
import { findDrift } from "../drift/find-drift.ts";
import type { AwsDirectory } from "../model/ports.ts";
import { renderBuiltInRules } from "../report/drift-built-in-rules.ts";
import { escapeTerminal } from "../report/escape.ts";
import { counted } from "../report/labels.ts";
import type { ProgressReporter } from "../report/progress.ts";
import type { CommandContext } from "./context.ts";
import { environmentOption } from "./environment-option.ts";
import { exitCodes } from "./exit-codes.ts";
import { driftFormats, type DriftOutput, writeDrift } from "./drift-formats.ts";
import { type FormatTarget, formatsOption } from "./formats.ts";
import { manifestPlace } from "./manifest-place.ts";
import { writeFailure, writeNoResult } from "./no-result-formats.ts";
import { manifestArgument, maxAgeOption, type ReadingOptions, rpsOption, strategyOption } from "./options.ts";
import { checkOutputFiles, formatFiles, optionalFile } from "./output-files.ts";
import type { DefineCommand } from "./program.ts";
import { tellWarnings } from "./tell-warnings.ts";
import { tellProgress } from "./tell-progress.ts";
import { savePlan } from "./save-plan.ts";
import { accountNames, followRun, type Planned, planStages } from "./read-stages.ts";
import { forgeToTell, tell, type TellOptions } from "./tell-drift.ts";
import { driftOutputs, writeWorkflowOutputs } from "./workflow-outputs.ts";
import { writeFileAtomically } from "./write-file.ts";

interface DriftCommandOptions
  extends Omit<ReadingOptions, "allow" | "only" | "since">,
    Omit<TellOptions, "path"> {
  readonly format: readonly FormatTarget<DriftOutput>[];
  readonly who?: true;
  readonly out?: string;
  readonly maxAge: number;
  readonly accept?: string;
  readonly builtInRules: boolean;
  readonly onlyDeclared?: true;
  readonly showBuiltInRules?: true;
}

export const defineDrift: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .addOption(formatsOption(driftFormats))
    .option("--who", "also say who did it and when, from the last 90 days of CloudTrail")
    .option("--out <file>", "also write the plan that repairs it, for apply --plan")
    .addOption(maxAgeOption())
    .option("--accept <file>", "also write a patch that makes the manifest say what is live")
    .option("--issue", "keep one issue in this repository: opened on drift, closed when it is gone")
    .option(
      "--webhook <url>",
      "post a summary there: with --issue when that changes, else in each run with drift; JSON that Slack understands",
    )
    .addOption(
      environmentOption(
        "what the issue and the message are about (default: the manifest); one issue for each name",
      ),
    )
    .option(
      "--only-declared",
      "list what is not declared at all without counting it as drift: for a manifest that does not hold everything yet",
    )
    .option("--no-built-in-rules", "report what AWS Control Tower makes as well")
    .option("--show-built-in-rules", "print these rules, and do nothing else")
    .addOption(rpsOption())
    // What cannot be seen is never clean, so that the reading that sees everything is the default here.
    .addOption(strategyOption().default("pairs"))
    .addHelpText("after", exitCodeHelp)
    .action(async (path: string | undefined, options: DriftCommandOptions) => {
      done(options.showBuiltInRules === true ? showRules(context) : await drift(path, options, context));
    });
};

const exitCodeHelp = `
Only reads; nothing is ever repaired by this command.

Exit codes: 0 everything was read and is as declared; 2 drift, or a part could not be read (the last line says
which); 1 AWS or the receiver of the report failed; 3 invalid manifest or usage.`;

const showRules = ({ stdout }: CommandContext): number => {
  stdout.write(renderBuiltInRules(builtInRules));
  return exitCodes.ok;
};

const drift = async (
  path: string | undefined,
  options: DriftCommandOptions,
  context: CommandContext,
): Promise<number> => {
  const forge = forgeToTell(options, context);
  const { format, out, accept } = options;
  const files = [...formatFiles(format), ...optionalFile("--out", out), ...optionalFile("--accept", accept)];
  checkOutputFiles(path, files, context);
  const progress = tellProgress(context);
  let directory: AwsDirectory | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openDirectory } = await import("../aws/directory.ts");
    directory = await openDirectory({ rps: options.rps, onProgress: progress.onProgress });
    return directory;
  };
  try {
    const { known, onKnown } = followRun();
    const readings = {
      ...options,
      allow: new Map<string, string>(),
      only: [],
      ownersOfUndeclared: true,
      ...progress,
      onKnown,
    };
    const looked = await planStages(path, open, readings, context)
      .then(async (planned) => planned && { planned, found: await look(planned, options, progress, context) })
      .catch(async (error: unknown) => {
        progress.finish();
        await writeFailure(error, { command: "drift", sources: known().sources }, options.format, context);
        throw error;
      });
    if (looked === null) {
      await writeNoResult({ ...known(), command: "drift", kind: "invalid" }, options.format, context);
      return exitCodes.invalid;
    }
    const { planned, found } = looked;
    progress.finish();
    tellWarnings(planned, context);
    const seen = {
      accountNames: accountNames(planned),
      validAt: planned.readAt,
      manifestFile: planned.manifest.files[0],
    };
    await writeDrift(found, seen, options.format, context);
    await writeFiles(planned, found, { ...options, path }, context);
    writeWorkflowOutputs(driftOutputs(found, planned.plan, options.out), context);
    await tell(found, seen, forge, { ...options, path }, context);
    return found.result === "clean" ? exitCodes.ok : exitCodes.changes;
  } finally {
    progress.finish();
    directory?.close();
  }
};

const look = async (
  planned: Planned,
  options: DriftCommandOptions,
  { onProgress }: ProgressReporter,
  context: CommandContext,
): Promise<Drift> => {
  const found = findDrift({
    ...planned,
    builtInRules: options.builtInRules && planned.desired.scope.builtInRules ? builtInRules : [],
    onlyDeclared: options.onlyDeclared === true,
  });
  if (options.who !== true || found.findings.length === 0) return found;
  onProgress({ type: "phase", name: "Asking CloudTrail who did it (2 calls a second)" });
  const { askWho } = await import("./ask-who.ts");
  return askWho(found, planned.live, context);
};

const writeFiles = async (
  planned: Planned,
  { findings }: Drift,
  { out, accept, maxAge, path }: DriftCommandOptions & { readonly path: string | undefined },
  context: CommandContext,
): Promise<void> => {
  if (out !== undefined) {
    await savePlan(planned, out, { maxAge, manifest: manifestPlace(path, context) }, context);
  }
  if (accept === undefined) return;
  const { live, manifest, sources } = planned;
  const { acceptPatch } = await import("../manifest/print/accept-patch.ts");
  const patch = acceptPatch(findings, { manifest, sources, organization: live.organization });
  await writeFileAtomically(accept, patch.text, context.cwd);
  const { stderr } = context;
  const { covered, notCovered } = patch;
  stderr.write(`Wrote ${accept}: it accepts ${covered} of ${counted(findings.length, "finding")}.\n`);
  for (const why of notCovered) stderr.write(`  not covered: ${escapeTerminal(why)}\n`);
};
