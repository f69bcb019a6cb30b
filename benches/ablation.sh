#!/usr/bin/env bash
# What each part of the evidence is worth: fits the weights without it, reads the annotated articles with them, and prints
# the scores of articles that nothing was fitted on.
#
#   benches/ablation.sh names GOLD.jsonl [OTHER.jsonl]
#   benches/ablation.sh quotations FIT.jsonl HELD.jsonl
#
# For names, GOLD is split into a part to fit on and a part to score; OTHER is scored as a whole. For quotations the weights
# are fitted on FIT and scored on HELD; then the rows of each frame are left out in turn. ONRECORD names the program
# (default: target/release/onrecord). A row takes about two minutes for names, and some seconds for quotations.
set -euo pipefail
what="$1"
gold="$2"
other="${3:-}"
onrecord="${ONRECORD:-target/release/onrecord}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/weights"

extract() { # GOLD
    "$onrecord" extract "$1" --out "$work/tables" --gazetteer "$work/weights" --quiet --force
}

names() { # GOLD [--split score]: exact F1 by type and overlap F1
    extract "$1"
    "$onrecord" evaluate --gold "$1" "${@:2}" "$work/tables" | awk '
        $1 == "exact" || $1 == "overlap" && $2 == "all" { printf " %s |", $5 }'
}

quotations() { # TABLES: F1 of words, and of words and speaker resolved, for direct+mixed and indirect; he or she
    "$onrecord" evaluate --gold "$other" "$1" | awk '
        /^unit/ { whole = $2 == "attribution," && $3 == "strict" }
        whole && ($1 == "direct+mixed" || $1 == "indirect") { printf " %s | %s |", $8, $NF }
        /^pronoun, name known/ { printf " %s |", $NF }
        /^expected calibration error/ { printf " %s |", substr($4, 1, 5) }'
    printf '\n'
}

without_frame() { # FRAME: a copy of the tables without the rows of this frame
    mkdir -p "$work/less"
    python3 - "$work" "$1" <<'PYTHON'
import csv, sys
work, frame = sys.argv[1:]
csv.field_size_limit(1 << 30)
with open(f"{work}/tables/quotes.csv", newline="") as source, open(f"{work}/less/quotes.csv", "w", newline="") as out:
    rows = csv.DictReader(source)
    writer = csv.DictWriter(out, rows.fieldnames)
    writer.writeheader()
    writer.writerows(row for row in rows if row["method"] != frame)
PYTHON
    quotations "$work/less"
}

case "$what" in
names)
    echo "| left out | person | place | organization | all | overlap |"
    for part in nothing gazetteers patterns article context letters forms copies weights; do
        without=()
        if [ "$part" != nothing ]; then without=(--without "$part"); fi
        "$onrecord" fit "$gold" --split fit --out "$work/weights/weights_names.csv" "${without[@]}" > /dev/null
        printf '| %s |%s' "$part" "$(names "$gold" --split score)"
        if [ -n "$other" ]; then printf ' other:%s' "$(names "$other")"; fi
        printf '\n'
    done
    ;;
quotations)
    echo "| left out | direct+mixed | with speaker | indirect | with speaker | he, she | calibration error |"
    for part in distance grammar turns article persons frame cue speaker extent marks nothing; do
        without=()
        if [ "$part" != nothing ]; then without=(--without "$part"); fi
        "$onrecord" fit --what quotations "$gold" --out "$work/weights/weights_quotations.csv" "${without[@]}" > /dev/null
        extract "$other"
        printf '| %s |%s\n' "$part" "$(quotations "$work/tables")"
    done
    tail -n +2 "$work/tables/quotes.csv" | python3 -c '
import csv, sys
csv.field_size_limit(1 << 30)
print("\n".join(sorted({row[19] for row in csv.reader(sys.stdin)})))' > "$work/frames"
    while IFS= read -r frame; do
        printf '| rows `%s` |%s\n' "$frame" "$(without_frame "$frame")"
    done < "$work/frames"
    ;;
*)
    echo "usage: benches/ablation.sh names|quotations ..." >&2
    exit 2
    ;;
esac
