#!/usr/bin/env bash
# The random tests with many times the cases: soak.sh TIMES. `make soak` calls
# this with GO and TAGS set. Every case has its own seed, printed when it fails,
# so a night's finding is a day's test.
set -euo pipefail
cd "$(dirname "$0")/.."
times=${1:-20}
random=$("$GO" list -tags "$TAGS" -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... |
	awk '/pgregory\.net\/rapid/ { print $1 }')
if [ -z "$random" ]; then
	echo "no package has random tests" >&2
	exit 1
fi
# shellcheck disable=SC2086 # one package a word
TIEZHANG_SOAK=$times RAPID_CHECKS=$((100 * times)) "$GO" test -tags "$TAGS" -count=1 -timeout 12h -v -run . $random |
	grep -E '^(--- |ok|FAIL|panic)|^ +[^ ]+_test.go' || exit 1
