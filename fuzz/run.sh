#!/bin/sh
# Fuzzes every target for SECONDS (default 60), one after the other, from the committed seeds and what earlier runs found, and
# prints how many cases each has run. Needs the nightly compiler and cargo-fuzz; further words are the targets to run.
#
#     fuzz/run.sh [SECONDS] [TARGET...]
#
# SANITIZER=none leaves out AddressSanitizer: three times as many cases, and no `unsafe` of ours is missed, as there is one line.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- token marks pipeline gazetteer read
status=0
for target in "$@"; do
    mkdir -p "fuzz/found/$target"
    log="fuzz/found/$target.log"
    # Records and archives are longer than texts that reach every rule.
    [ "$target" = read ] && length=8192 || length=2048
    # A case of more than ten seconds is a hang; texts need no more than a few thousand bytes to reach every rule.
    if ! cargo +nightly fuzz run -O --sanitizer "${SANITIZER:-address}" "$target" "fuzz/found/$target" "fuzz/corpus/$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len="${MAX_LEN:-$length}" -dict=fuzz/dictionary.txt \
        -print_final_stats=1 >"$log" 2>&1; then
        echo "$target: FAILED, see $log" >&2
        status=1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
    echo "$target: ${runs:-0} cases in $seconds seconds"
done
exit $status
