#!/usr/bin/env bash
# Turns the action's inputs into one call of the command. Inputs come as variables, never as shell text.
set -euo pipefail

reconcile=(node "$GITHUB_ACTION_PATH/../../../dist/reconcile.js")
manifest=()
if [ -n "${INPUT_MANIFEST:-}" ]; then manifest=("$INPUT_MANIFEST"); fi

environment=()
if [ -n "${INPUT_ENVIRONMENT:-}" ]; then environment=(--environment "$INPUT_ENVIRONMENT"); fi
allow=()
read -ra allowed <<< "${INPUT_ALLOW:-}"
for each in "${allowed[@]}"; do allow+=(--allow "$each"); done

case "$INPUT_COMMAND" in
  plan)
    options=(--out "$RUNNER_TEMP/reconcile-plan.json" --format github "${environment[@]}" "${allow[@]}")
    if [ "${INPUT_COMMENT:-false}" = true ]; then options+=(--comment); fi
    "${reconcile[@]}" plan "${manifest[@]}" "${options[@]}"
    ;;
  apply)
    options=(--format github "${allow[@]}")
    approval=()
    if [ -n "${INPUT_REVIEWED_PLAN:-}" ]; then approval+=(--plan "$INPUT_REVIEWED_PLAN"); fi
    if [ -n "${INPUT_EXPECT:-}" ]; then approval+=(--expect "$INPUT_EXPECT"); fi
    if [ ${#approval[@]} -eq 0 ]; then approval+=(--auto-approve); fi
    if [ -n "${INPUT_LOCK:-}" ]; then options+=(--lock "$INPUT_LOCK" --lock-wait 30m); fi
    "${reconcile[@]}" apply "${manifest[@]}" "${approval[@]}" "${options[@]}"
    ;;
  drift)
    options=(--out "$RUNNER_TEMP/reconcile-repair.json" --format github "${environment[@]}")
    if [ "${INPUT_ONLY_DECLARED:-false}" = true ]; then options+=(--only-declared); fi
    if [ "${INPUT_ISSUE:-false}" = true ]; then options+=(--issue); fi
    code=0
    "${reconcile[@]}" drift "${manifest[@]}" "${options[@]}" || code=$?
    # The issue tells of drift; a red run beside it would only be noise. Without an issue the run is what tells.
    if [ "$code" -eq 2 ] && [ "${INPUT_ISSUE:-false}" = true ]; then exit 0; fi
    exit "$code"
    ;;
  *)
    echo "::error::The input command must be plan, apply or drift."
    exit 3
    ;;
esac
