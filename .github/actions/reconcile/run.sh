#!/usr/bin/env bash
# Turns the action's inputs into one call of the command. Inputs come as variables, never as shell text.
set -euo pipefail

reconcile=(node "$GITHUB_ACTION_PATH/../../../dist/reconcile.js")
# After --, so that no name is taken for an option.
manifest=()
if [ -n "${INPUT_MANIFEST:-}" ]; then manifest=("$INPUT_MANIFEST"); fi

environment=()
if [ -n "${INPUT_ENVIRONMENT:-}" ]; then environment=(--environment "$INPUT_ENVIRONMENT"); fi
allow=()
read -r -d "" -a allowed <<< "${INPUT_ALLOW:-}" || true
for each in "${allowed[@]}"; do
  # As the refusal prints it, and as it is without.
  if [ "$each" != --allow ]; then allow+=(--allow "$each"); fi
done
since=()
if [ -n "${INPUT_SINCE:-}" ]; then since=(--since "$INPUT_SINCE"); fi

if [ -n "${INPUT_ROLE:-}" ]; then
  AWS_CONFIG_FILE="$(node "$GITHUB_ACTION_PATH/sign-in.mjs" profile "$INPUT_ROLE")"
  # This role, or none: not what the runner's machine may have besides.
  export AWS_CONFIG_FILE AWS_PROFILE=reconcile AWS_EC2_METADATA_DISABLED=true
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  trap 'if [ $? -ne 0 ] && [ -f "$AWS_CONFIG_FILE.failed" ]; then cat "$AWS_CONFIG_FILE.failed" >&2; fi' EXIT
fi

# Whoever may run a workflow again may run an old one, which was reviewed: it must not bring back what was taken away since.
refuse_overtaken() {
  if [ "${GITHUB_REF_TYPE:-}" != branch ]; then return; fi
  local latest
  latest="$(curl --silent --show-error --fail --retry 3 --header "Accept: application/vnd.github.sha" \
    --header "Authorization: Bearer $GITHUB_TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/commits/${GITHUB_REF#refs/}")"
  if [ "$latest" = "$GITHUB_SHA" ]; then return; fi
  echo "::error title=Overtaken::$GITHUB_REF_NAME is at another commit by now, ${latest:0:12}: nothing is applied. The run of that commit applies all that is declared there."
  exit 5
}

case "$INPUT_COMMAND" in
  plan)
    options=(--out "$RUNNER_TEMP/reconcile-plan.json" --format github --detailed-exitcode "${environment[@]}" "${since[@]}" "${allow[@]}")
    if [ "${INPUT_COMMENT:-false}" = true ]; then options+=(--comment); fi
    if [ "${INPUT_REVIEWED:-false}" = true ]; then options+=(--reviewed); fi
    code=0
    "${reconcile[@]}" plan "${options[@]}" -- "${manifest[@]}" || code=$?
    # Changes are what a plan is for. Nothing to change because nothing could be read is not: that fails.
    if [ "$code" -eq 2 ]; then exit 0; fi
    exit "$code"
    ;;
  apply)
    refuse_overtaken
    # Not in the working directory: what is checked out there must not pass for the trail of an earlier attempt.
    trail="$RUNNER_TEMP/reconcile-trail"
    options=(--format github --audit "$trail/audit.jsonl" --journal "$trail/journal.jsonl" "${since[@]}" "${allow[@]}")
    approval=()
    if [ -n "${INPUT_REVIEWED_PLAN:-}" ]; then approval+=(--plan "$INPUT_REVIEWED_PLAN"); fi
    if [ -n "${INPUT_EXPECT:-}" ]; then approval+=(--expect "$INPUT_EXPECT"); fi
    if [ "${INPUT_AUTO_APPROVE:-false}" = true ]; then approval+=(--auto-approve); fi
    if [ -n "${INPUT_LOCK:-}" ]; then options+=(--lock "$INPUT_LOCK" --lock-wait 30m); fi
    "${reconcile[@]}" apply "${approval[@]}" "${options[@]}" -- "${manifest[@]}"
    ;;
  drift)
    options=(--out "$RUNNER_TEMP/reconcile-repair.json" --format github "${environment[@]}")
    if [ "${INPUT_ONLY_DECLARED:-false}" = true ]; then options+=(--only-declared); fi
    if [ "${INPUT_ISSUE:-false}" = true ]; then options+=(--issue); fi
    if [ "${INPUT_WHO:-false}" = true ]; then options+=(--who); fi
    if [ -n "${INPUT_WEBHOOK:-}" ]; then options+=(--webhook "$INPUT_WEBHOOK"); fi
    if [ -n "${INPUT_ACCEPT:-}" ]; then options+=(--accept "$INPUT_ACCEPT"); fi
    code=0
    "${reconcile[@]}" drift "${options[@]}" -- "${manifest[@]}" || code=$?
    # The issue tells of drift; a red run beside it would only be noise. Without an issue the run is what tells.
    if [ "$code" -eq 2 ] && [ "${INPUT_ISSUE:-false}" = true ]; then exit 0; fi
    exit "$code"
    ;;
  *)
    echo "::error::The input command must be plan, apply or drift."
    exit 3
    ;;
esac
