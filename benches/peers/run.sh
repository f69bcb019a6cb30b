#!/usr/bin/env bash
# Times other programs that find names, and quotations, on the same text and names, each in its own documented way.
#
#   benches/peers/run.sh DUMP.jsonl NAMES.csv [PEER...]
#
# DUMP holds articles with `id` and `text`; NAMES is a gazetteer with `name` and `type` first. Both can be made:
#
#   onrecord generate gazetteer --count 100000 --out names.csv
#   onrecord generate articles --count 10000 --names names.csv --out dump.jsonl
#
# The peers are installed beside this file the first time, at the versions of requirements.txt and package-lock.json.
# Each gets a process of its own; it learns the names, and then reads articles for LIMIT seconds (default 20) or until there
# are no more. ONRECORD names the program (default: target/release/onrecord).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
if [ $# -lt 2 ]; then
    sed -n '2,5p' "$0" | cut -c3- >&2
    exit 2
fi
dump="$1"
names="$2"
shift 2
onrecord="${ONRECORD:-$here/../../target/release/onrecord}"
limit="${LIMIT:-20}"
peers=("$@")
if [ ${#peers[@]} = 0 ]; then
    peers=(onrecord pyahocorasick flashtext entityruler phrasematcher compromise)
fi

if [ ! -e "$here/.venv/ready" ]; then
    python3 -m venv "$here/.venv"
    "$here/.venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
    touch "$here/.venv/ready"
fi
if [ ! -e "$here/node_modules/compromise" ]; then
    (cd "$here" && npm ci --silent)
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Each prints: peer, seconds to learn the names, megabytes read, seconds for them, what was found. Seconds are of computing, so
# that other work on the machine counts little.
echo "| peer | learns the names, s | MB read | MB/s | found | onrecord is faster by |"
echo "| --- | --: | --: | --: | --- | --: |"
for peer in "${peers[@]}"; do
    case "$peer" in
        onrecord) "$here/.venv/bin/python" "$here/own.py" "$onrecord" "$dump" "$names" "$work" ;;
        compromise) node --max-old-space-size=8192 "$here/compromise.mjs" "$dump" "$names" "$limit" ;;
        *) "$here/.venv/bin/python" "$here/peers.py" "$peer" "$dump" "$names" "$limit" ;;
    esac
done | awk -F '\t' '
    $1 == "onrecord" { own = $3 / $4 }
    { speed = $3 / $4
      printf "| %s | %.1f | %.2f | %.3g | %s | %s |\n", $1, $2, $3, speed, $5, own ? sprintf("%.3g", own / speed) : "–"
      fflush() }'
