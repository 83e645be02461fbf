#!/usr/bin/env bash
# Every test. `make test` calls this with GO and TAGS set.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=build/logs
mkdir -p "$logs"

echo "== go vet"
"$GO" vet -tags "$TAGS" ./...

echo "== go test"
"$GO" test -tags "$TAGS" -timeout 15m ./...

# The race detector costs ten times the time, so it runs where a race is ours
# to make and cgo does not drown it: packages whose tests link neither the
# database driver nor OpenGL. The random tests run fewer cases here; all of
# them have just run above.
echo "== go test -race"
racy=$("$GO" list -test -tags "$TAGS" -f '{{.ImportPath}}|{{join .Deps ","}}' ./app/... ./backup/... ./ui/... |
	awk -F'|' '$1 ~ /\.test$/ && $2 !~ /sqlcipher|go-gl/ { sub(/\.test$/, "", $1); print $1 }')
if [ -n "$racy" ]; then
	# shellcheck disable=SC2086 # one package a word
	RAPID_CHECKS=15 "$GO" test -race -short -tags "$TAGS" -timeout 15m $racy
fi

# With migrated_fynedo a call from the wrong thread is silent. Without it Fyne
# says so in its log, so the interface is run once more that way.
echo "== the interface's threads"
log=$logs/threads.log
if ! "$GO" test -v -short -tags "${TAGS/migrated_fynedo,/}" -timeout 15m ./ui/... >"$log" 2>&1; then
	grep -E -B 30 '^(--- FAIL|FAIL|panic:)' "$log" || cat "$log"
	exit 1
fi
if grep -A 3 'Error in Fyne call thread' "$log"; then
	echo "A widget was touched off the interface thread; the whole log is in $log" >&2
	exit 1
fi
grep -E '^(ok|\?) ' "$log" || true
