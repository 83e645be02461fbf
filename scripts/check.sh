#!/usr/bin/env bash
# Everything that can be judged without running the program. `make check` calls
# this with GO, TAGS and TOOLS set. All parts run, so that one try shows all
# there is to mend.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=()

part() {
	local name=$1
	shift
	echo "== $name"
	"$@" || failed+=("$name")
}

formatted() {
	local unformatted
	unformatted=$(git ls-files -co --exclude-standard -z -- '*.go' |
		while IFS= read -r -d '' f; do if [ -f "$f" ]; then printf '%s\0' "$f"; fi; done |
		xargs -0 -r gofmt -l)
	if [ -n "$unformatted" ]; then
		echo "Run gofmt -w on:"
		echo "$unformatted"
		return 1
	fi
}

# Commands called with || around them run without set -e, so they are joined.
vet() { "$GO" vet -tags "$TAGS" ./... && (cd tools && "$GO" vet ./...); }

part gofmt formatted
part "go vet" vet
part staticcheck "$TOOLS/staticcheck" -tags "$TAGS" ./...
part "rules of the house, both languages" "$GO" test -tags "$TAGS" -count=1 ./internal/archtest/

if [ ${#failed[@]} -gt 0 ]; then
	echo "Failed: $(printf '%s; ' "${failed[@]}")" >&2
	exit 1
fi
