#!/usr/bin/env bash
# Every test. `make test` calls this with GO and TAGS set. All parts run, so
# that one try shows all there is to mend.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=build/logs
mkdir -p "$logs"
failed=()

# A machine without a screen seldom has a language; Fyne fills the log with
# complaints about "C".
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}} in
C | C.* | POSIX)
	unset LC_ALL LC_MESSAGES
	export LANG=en_US.UTF-8
	;;
esac

part() {
	local name=$1
	shift
	echo "== $name"
	"$@" || failed+=("$name")
}

# The race detector costs ten times the time, so it runs where a race is ours
# to make and cgo does not drown it: packages whose tests link neither the
# database driver nor OpenGL. The random tests run fewer cases here; all of
# them run in the part before.
race() {
	local packages
	packages=$("$GO" list -test -tags "$TAGS" -f '{{.ImportPath}}|{{join .Deps ","}}' ./app/... ./backup/... ./ui/... |
		awk -F'|' '$1 ~ /\.test$/ && $2 !~ /sqlcipher|go-gl/ { sub(/\.test$/, "", $1); print $1 }') || return 1
	if [ -z "$packages" ]; then return 0; fi
	# shellcheck disable=SC2086 # one package a word
	RAPID_CHECKS=15 "$GO" test -race -short -tags "$TAGS" -timeout 15m $packages
}

# With migrated_fynedo a call from the wrong thread is silent. Without it Fyne
# says so in its log, so the interface is run once more that way.
threads() {
	local log=$logs/threads.log
	if ! "$GO" test -v -short -tags "${TAGS/migrated_fynedo,/}" -timeout 15m ./ui/... >"$log" 2>&1; then
		grep -E -B 30 '^(--- FAIL|FAIL|panic:)' "$log" || cat "$log"
		return 1
	fi
	if grep -A 3 'Error in Fyne call thread' "$log"; then
		echo "A widget was touched off the interface thread; the whole log is in $log"
		return 1
	fi
	grep -E '^(ok|\?) ' "$log" || true
}

part "go vet" "$GO" vet -tags "$TAGS" ./...
part "go test" "$GO" test -tags "$TAGS" -timeout 15m ./...
part "go test -race" race
part "the interface's threads" threads

if [ ${#failed[@]} -gt 0 ]; then
	echo "Failed: $(printf '%s; ' "${failed[@]}")" >&2
	exit 1
fi
