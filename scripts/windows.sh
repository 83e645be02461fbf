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

# The linker takes resources from .syso files beside main.go, and only from
# there (an overlay is not seen): so it lies there while we build.
trap 'rm -f rsrc_windows_amd64.syso' EXIT
"$TOOLS/go-winres" make --in tools/winres/winres.json --arch amd64 --out rsrc \
	--file-version "$numbers" --product-version "$numbers"

mkdir -p build
CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
	"$GO" build -trimpath -buildvcs=false -tags "$TAGS" \
	-ldflags "-H windowsgui -s -w -X main.version=$VERSION" -o build/tiezhang.exe .
echo "build/tiezhang.exe: $(wc -c <build/tiezhang.exe) bytes, version $numbers"
