#!/usr/bin/env bash
# What each part of the evidence for names is worth: fits the weights without it, tags the annotated articles with them,
# and prints the scores of the part that nothing was fitted on.
#
#   benches/ablation.sh GOLD.jsonl [OTHER.jsonl]
#
# GOLD is split into a part to fit on and a part to score; OTHER is scored as a whole. ONRECORD names the program
# (default: target/release/onrecord). Takes about two minutes for each row.
set -euo pipefail
gold="$1"
other="${2:-}"
onrecord="${ONRECORD:-target/release/onrecord}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

scores() { # GOLD [--split score]: exact F1 by type and overlap F1
    "$onrecord" extract "$1" --out "$work/tables" --gazetteer "$work/weights" --quiet --force
    "$onrecord" evaluate --gold "$1" "${@:2}" "$work/tables" | awk '
        $1 == "exact" || $1 == "overlap" && $2 == "all" { printf " %s |", $5 }'
}

echo "| left out | person | place | organization | all | overlap |"
for part in nothing gazetteers patterns article context letters forms copies weights; do
    mkdir -p "$work/weights"
    without=()
    if [ "$part" != nothing ]; then without=(--without "$part"); fi
    "$onrecord" fit "$gold" --split fit --out "$work/weights/weights_names.csv" "${without[@]}" > /dev/null
    printf '| %s |%s' "$part" "$(scores "$gold" --split score)"
    if [ -n "$other" ]; then printf ' other:%s' "$(scores "$other")"; fi
    printf '\n'
done
