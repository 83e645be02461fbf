#!/usr/bin/env bash
# Everything that can be judged without running the program. `make check` calls
# this with GO, TAGS and TOOLS set.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== gofmt"
unformatted=$(git ls-files -co --exclude-standard -z -- '*.go' | xargs -0 -r gofmt -l)
if [ -n "$unformatted" ]; then
	echo "Not formatted (run gofmt -w on them):" >&2
	echo "$unformatted" >&2
	exit 1
fi

echo "== go vet"
"$GO" vet -tags "$TAGS" ./...
(cd tools && "$GO" vet ./...)

echo "== staticcheck"
"$TOOLS/staticcheck" -tags "$TAGS" ./...

echo "== the rules of the house, and the two languages"
"$GO" test -tags "$TAGS" -count=1 ./internal/archtest/
