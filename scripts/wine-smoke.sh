#!/usr/bin/env bash
# A smoke test of build/tiezhang.exe under Wine: `make wine-smoke`, after
# `make windows`. A shop in a folder with Chinese and a space is made, filled,
# reported, checked, backed up, lost, brought back and checked again, through
# the script face. Wine is not Windows (docs/windows.md says what this proves),
# so it is no part of `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."

wine=$(command -v wine64 || true)
for w in /usr/lib/wine/wine64 /usr/bin/wine; do
	if [ -z "$wine" ] && [ -x "$w" ]; then wine=$w; fi
done
if [ -z "$wine" ]; then
	echo "Wine is missing: sudo apt-get install --no-install-recommends wine64" >&2
	exit 1
fi
if [ ! -e build/tiezhang.exe ]; then
	echo "build/tiezhang.exe is missing: make windows" >&2
	exit 1
fi

home=$(mktemp -d)
export WINEPREFIX=$home/prefix WINEDEBUG=-all WINEDLLOVERRIDES='bcryptprimitives=n;mscoree,mshtml='
# Wine takes file names and the console in the locale's encoding.
export LC_ALL=C.UTF-8
finish() {
	# The server of this Wine only, which is told apart by its prefix.
	for server in wineserver /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
		if command -v "$server" >/dev/null 2>&1; then
			"$server" -k >/dev/null 2>&1 || true
			break
		fi
	done
	rm -rf "$home"
}
trap finish EXIT

# Older Wines lack the one library Go takes its random numbers from. The
# stand-in hands on to the older call; it lives and dies in the folder above.
cat >"$home/prng.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) { return SystemFunction036(p, (ULONG)n); }
BOOL WINAPI DllMain(HINSTANCE h, DWORD r, LPVOID v) { return TRUE; }
C
x86_64-w64-mingw32-gcc -shared -o "$home/bcryptprimitives.dll" "$home/prng.c" -ladvapi32
"$wine" wineboot -i >/dev/null 2>&1
c=$WINEPREFIX/drive_c
cp "$home/bcryptprimitives.dll" "$c/windows/system32/"

app='程序 目录'
mkdir "$c/$app"
cp build/tiezhang.exe "$c/$app/"
shop='C:\我的 店铺\五金 账本'
place='C:\备份 盘'
mkdir "$c/备份 盘"
export TIEZHANG_PASSWORD='a smoke test under wine'

failures=0
# expect CODE WORDS ARGUMENT…: the exit code, and words in what it said.
expect() {
	local code=$1 words=$2 got=0
	shift 2
	timeout 120 "$wine" "C:\\$app\\tiezhang.exe" "$@" >"$home/out" 2>"$home/err" </dev/null || got=$?
	tr -d '\r' <"$home/out" >"$home/said"
	if [ "$got" -eq "$code" ] && cat "$home/said" "$home/err" | grep -qF -- "$words"; then
		echo "ok    $1"
		return 0
	fi
	failures=$((failures + 1))
	echo "WRONG $*: exit code $got, wanted $code and the words: $words"
	cat "$home/said" "$home/err"
}
field() { grep -o "\"$1\":\"[^\"]*\"" "$home/said" | head -n 1 | cut -d '"' -f 4; }

expect 0 tiezhang version
expect 2 'bogus' bogus
expect 0 '"recovery"' new "$shop" --shop '老王 五金' --owner 老王 --lang zh --json
recovery=$(field recovery)
expect 1 'shop.exists' new "$shop" --shop x --owner x

cat >"$c/流水 1.jsonl" <<'END'
{"kind":"Item","code":"A1","name":"农夫山泉","unit":"瓶","price":"3.00","units":[{"name":"箱","factor":"24"}]}
{"kind":"Party","code":"S001","name":"饮料批发","role":"supplier"}
{"kind":"GoodsReceipt","id":"r1","party":"S001","lines":[{"item":"A1","qty":"10","unit":"箱","price":"36.00"}]}
{"kind":"RetailSale","id":"l1","lines":[{"item":"A1","qty":"2"}]}
END
expect 0 '"posted":4' post "$shop" 'C:\流水 1.jsonl' --json
expect 0 '"again":2' post "$shop" 'C:\流水 1.jsonl' --json
expect 0 238 report "$shop" stock-balance --without-sensitive
cp "$home/said" "$home/before"
expect 0 '"rows":1' report "$shop" stock-balance --without-sensitive --json --out 'C:\库存 表.xlsx'
if [ "$(head -c 2 "$c/库存 表.xlsx")" != PK ]; then
	failures=$((failures + 1))
	echo "WRONG: the workbook is none"
fi
expect 0 '"ok":true' verify "$shop" --json
expect 0 '"verified":"2' backup "$shop" --to "$place" --json
file=$(cd "$c/备份 盘" && find . -name '*.tzbak' | head -n 1)
file="$place\\$(basename "$file")"
expect 0 '"genuine":true' verify "$file" --json
TIEZHANG_PASSWORD=wrong expect 1 'wrong-key' verify "$shop"

rm -r "${c:?}/我的 店铺"
TIEZHANG_PASSWORD='' TIEZHANG_RECOVERY=$recovery expect 0 '"dir"' restore "$file" --to "$shop" --json
expect 0 '"ok":true' verify "$shop" --json
expect 0 238 report "$shop" stock-balance --without-sensitive
if ! cmp -s "$home/before" "$home/said"; then
	failures=$((failures + 1))
	echo "WRONG: the report after the restore is another:"
	diff "$home/before" "$home/said" || true
fi
# Over the shop that is there: its files are moved aside, not deleted.
expect 0 '"aside"' restore "$file" --to "$shop" --json
expect 0 '"ok":true' verify "$shop" --json

if [ "$failures" -gt 0 ]; then
	echo "$failures wrong"
	exit 1
fi
