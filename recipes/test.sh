#!/usr/bin/env bash
# Tests the recipes with a wheel of onrecord, in a virtual environment of their own.
#
#     recipes/test.sh WHEEL [PROGRAM]
#
# PROGRAM is the command line of the same commit (by default target/release/onrecord), whose tables are what must come out. Needs
# Python 3.10 or later and, the first time, a network: the engines take some 900 MB in target/recipes (or $RECIPES), and stay there.
# Without Java the tests of Spark are left out, and it says so.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -ge 1 ] || { echo "usage: recipes/test.sh WHEEL [PROGRAM]" >&2; exit 2; }
wheel="$1"
program="$(realpath "${2:-target/release/onrecord}")"
[ -f "$wheel" ] || { echo "recipes/test.sh: $wheel is no file: build the wheel first" >&2; exit 2; }
[ -x "$program" ] || { echo "recipes/test.sh: $program is no program: cargo build --release first" >&2; exit 2; }

environment="${RECIPES:-target/recipes}"
python="$environment/bin/python"
[ -x "$python" ] || python3 -m venv "$environment"
"$python" -m pip install --quiet --disable-pip-version-check --requirement recipes/requirements.txt
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheel"

tests=(recipes/duckdb recipes/dask)
if java -version > /dev/null 2>&1; then
    tests+=(recipes/spark)
else
    echo "recipes/test.sh: there is no Java, so the tests of Spark are left out. All else is tested."
fi
ONRECORD="$program" "$python" -m pytest -q -p no:cacheprovider --durations=3 "${tests[@]}"
