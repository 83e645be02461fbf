#!/usr/bin/env bash
# Cross-build build/tiezhang.exe. `make windows` calls this with GO, TAGS, TOOLS
# and VERSION set.
set -euo pipefail
cd "$(dirname "$0")/.."

# Windows wants four numbers: v1.2.3-4-gabcdef becomes 1.2.3.4, no tag 0.0.0.0.
numbers=0.0.0.0
if [[ $VERSION =~ ^v?([0-9]+)\.([0-9]+)(\.([0-9]+))?(-([0-9]+)-g)? ]]; then
	numbers=${BASH_REMATCH[1]}.${BASH_REMATCH[2]}.${BASH_REMATCH[4]:-0}.${BASH_REMATCH[6]:-0}
fi

mkdir -p build/winres
"$TOOLS/go-winres" make --in tools/winres/winres.json --arch amd64 --out build/winres/rsrc \
	--file-version "$numbers" --product-version "$numbers"

# The linker takes resources from .syso files beside main.go. The overlay shows
# it ours there without leaving a generated file in the tree.
resources=$PWD/build/winres/rsrc_windows_amd64.syso
printf '{"Replace": {"%s": "%s"}}\n' "$PWD/rsrc_windows_amd64.syso" "$resources" >build/winres/overlay.json

CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
	"$GO" build -trimpath -buildvcs=false -tags "$TAGS" -overlay build/winres/overlay.json \
	-ldflags "-H windowsgui -s -w -X main.version=$VERSION" -o build/tiezhang.exe .
echo "build/tiezhang.exe: $(wc -c <build/tiezhang.exe) bytes, version $numbers"
