#!/usr/bin/env bash
# Open the program: run.sh BINARY [ARGUMENT…]
#
# With a screen it simply opens. Without one it opens on a virtual screen of a
# shop's usual size and keeps taking pictures of it, so that it can be looked
# at over a terminal. TIEZHANG_RUN_SECONDS=20 stops it by itself after that
# time; otherwise it runs until the program ends or Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${TIEZHANG_RUN_SECONDS:-}
case $seconds in *[!0-9]*)
	echo "TIEZHANG_RUN_SECONDS is a whole number of seconds, not \"$seconds\"" >&2
	exit 2
	;;
esac

has_screen() {
	case $(uname -s) in
	Linux | *BSD) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ;;
	*) true ;;
	esac
}

children=()
# One after another, so that the program can close its shop before its screen
# goes; whoever has not gone after ten seconds is made to.
stop_children() {
	local pid
	for pid in "${children[@]}"; do
		kill "$pid" 2>/dev/null || continue
		for _ in $(seq 100); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	children=()
}
trap stop_children EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# until_over PID [TICK]: wait for the program, or for the time to be over.
until_over() {
	local program=$1 tick=${2:-true} start=$SECONDS
	while kill -0 "$program" 2>/dev/null; do
		if [ -n "$seconds" ] && [ $((SECONDS - start)) -ge "$seconds" ]; then
			echo "Stopped after $seconds seconds, as asked."
			return 0
		fi
		"$tick" $((SECONDS - start))
		sleep 1
	done
	wait "$program"
}

if has_screen; then
	if [ -z "$seconds" ]; then exec "$@"; fi
	"$@" &
	children+=($!)
	until_over $!
	exit
fi

pictures=build/screens
frame=$pictures/.frame
rm -rf "$pictures"
mkdir -p "$frame"

# Xvfb picks a free number itself and writes it down when it is ready.
Xvfb -displayfd 3 -screen 0 1366x768x24 -fbdir "$frame" -nolisten tcp 3>"$frame/number" 2>"$frame/xvfb.log" &
screen=$!
children=("$screen")
for _ in $(seq 100); do
	if [ -s "$frame/number" ]; then break; fi
	if ! kill -0 "$screen" 2>/dev/null; then break; fi
	sleep 0.1
done
if [ ! -s "$frame/number" ]; then
	echo "The virtual screen did not start:" >&2
	cat "$frame/xvfb.log" >&2
	exit 1
fi
DISPLAY=:$(cat "$frame/number")
export DISPLAY

# A machine without a screen seldom has a language either, and Fyne complains
# about "C" before the program can choose its own.
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}} in
C | C.* | POSIX)
	unset LC_ALL LC_MESSAGES
	export LANG=zh_CN.UTF-8
	;;
esac

if command -v openbox >/dev/null 2>&1; then
	openbox >/dev/null 2>&1 &
	children=("$!" "${children[@]}")
fi
"$@" &
program=$!
children=("$program" "${children[@]}") # stopped in this order: the screen goes last

echo "No screen here: running on the virtual screen $DISPLAY (1366x768)."
echo "Pictures: $PWD/$pictures/ — one after 3 seconds, then one whenever the picture has changed; latest.png is the newest."
echo "To work it from another terminal: DISPLAY=$DISPLAY xdotool key Return"
if [ -z "$seconds" ]; then echo "Ctrl-C stops it."; fi

count=0
picture() {
	if [ "$1" -lt 3 ] || [ "$count" -ge 200 ]; then return 0; fi
	cp "$frame/Xvfb_screen0" "$frame/now.xwd"
	if [ -e "$frame/last.xwd" ] && cmp -s "$frame/now.xwd" "$frame/last.xwd"; then return 0; fi
	count=$((count + 1))
	local name
	name=$(printf '%s/%03d.png' "$pictures" "$count")
	build/tools/xwdpng "$frame/now.xwd" "$name"
	cp "$name" "$pictures/latest.png"
	mv "$frame/now.xwd" "$frame/last.xwd"
	if [ "$count" -eq 1 ]; then echo "First picture: $PWD/$name"; fi
}
until_over "$program" picture
