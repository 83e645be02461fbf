#!/usr/bin/env bash
# Make sure the machine has what a task needs: deps.sh build|run|test|windows
#
# Looks first and touches nothing when all is there. What is missing is
# installed through apt as root or with sudo; on other systems the exact
# command is printed instead, because guessing somebody's package manager
# does more harm than a line to copy.
set -euo pipefail
cd "$(dirname "$0")/.."

task=${1:-build}
want_go=$(awk '$1 == "go" { print $2; exit }' go.mod)
missing=() # Debian package names: the checks below name them one by one

has() { command -v "$1" >/dev/null 2>&1; }

# need PACKAGE CHECK…: note the package when the check fails.
need() {
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

compiles() { echo '#include <stdlib.h>' | "$1" -E - ; }

software_gl() {
	local f
	for f in /usr/lib/*/dri/swrast_dri.so /usr/lib*/dri/swrast_dri.so /usr/lib/*/dri/libdril_dri.so /usr/lib*/libgallium-*.so /usr/lib/*/libgallium-*.so; do
		if [ -e "$f" ]; then return 0; fi
	done
	# Mesa moves these files about; where there is dpkg, it knows.
	dpkg-query -W -f '${Status}' libgl1-mesa-dri 2>/dev/null | grep -q 'ok installed'
}

check_go() {
	if ! has go; then
		echo "Go $want_go or newer is needed: https://go.dev/dl/" >&2
		exit 1
	fi
	local have
	have=$(GOTOOLCHAIN=local go env GOVERSION)
	have=${have#go}
	if [ "$(printf '%s\n%s\n' "$want_go" "$have" | sort -V | head -n 1)" != "$want_go" ] && [ "$(go env GOTOOLCHAIN)" = local ]; then
		echo "Go $want_go or newer is needed, this is $have: https://go.dev/dl/" >&2
		exit 1
	fi
}

check_linux() {
	need gcc has gcc
	need libc6-dev compiles gcc
	need pkgconf has pkg-config
	local pair
	for pair in gl:libgl-dev x11:libx11-dev xcursor:libxcursor-dev xrandr:libxrandr-dev \
		xinerama:libxinerama-dev xi:libxi-dev xxf86vm:libxxf86vm-dev; do
		need "${pair#*:}" pkg-config --exists "${pair%%:*}"
	done
	case $task in
	run)
		# A screen of our own is only needed where there is none.
		if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
			need xvfb has Xvfb
			need libgl1-mesa-dri software_gl
		fi
		;;
	test)
		need xvfb has Xvfb
		need libgl1-mesa-dri software_gl
		need xdotool has xdotool
		need strace has strace
		;;
	windows)
		need gcc-mingw-w64-x86-64 has x86_64-w64-mingw32-gcc
		;;
	esac
}

# The same packages under other names, for the lines to copy.
translate() {
	local system=$1 p out=()
	shift
	for p in "$@"; do
		case $system:$p in
		fedora:libc6-dev) p=glibc-devel ;;
		fedora:pkgconf) p=pkgconf-pkg-config ;;
		fedora:libgl-dev) p=mesa-libGL-devel ;;
		fedora:libx11-dev) p=libX11-devel ;;
		fedora:libxcursor-dev) p=libXcursor-devel ;;
		fedora:libxrandr-dev) p=libXrandr-devel ;;
		fedora:libxinerama-dev) p=libXinerama-devel ;;
		fedora:libxi-dev) p=libXi-devel ;;
		fedora:libxxf86vm-dev) p=libXxf86vm-devel ;;
		fedora:xvfb) p=xorg-x11-server-Xvfb ;;
		fedora:libgl1-mesa-dri) p=mesa-dri-drivers ;;
		fedora:gcc-mingw-w64-x86-64) p=mingw64-gcc ;;
		arch:libc6-dev) p=glibc ;;
		arch:libgl-dev) p=libglvnd ;;
		arch:xvfb) p=xorg-server-xvfb ;;
		arch:libgl1-mesa-dri) p=mesa ;;
		arch:gcc-mingw-w64-x86-64) p=mingw-w64-gcc ;;
		arch:lib*-dev) p=${p%-dev} ;;
		esac
		out+=("$p")
	done
	echo "${out[*]}"
}

install_or_say() {
	if [ ${#missing[@]} -eq 0 ]; then return 0; fi
	local root=()
	if has apt-get; then
		if [ "$(id -u)" -eq 0 ]; then
			root=(env)
		elif has sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
			root=(sudo env)
		fi
	fi
	if [ ${#root[@]} -gt 0 ]; then
		echo "Installing: ${missing[*]}"
		local apt=("${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
		# An old package list is usual on a fresh machine: refresh it, but a
		# mirror that is down need not stop us when the list still serves.
		"${apt[@]}" update || echo "The package list could not be refreshed; trying with the old one." >&2
		if "${apt[@]}" install --no-install-recommends "${missing[@]}"; then return 0; fi
		echo "apt could not install them; see its message above." >&2
		exit 1
	fi
	cat >&2 <<-SAY
		These are missing and cannot be installed from here. Run the line of your system, then try again:

		  Debian, Ubuntu:  sudo apt-get install ${missing[*]}
		  Fedora:          sudo dnf install $(translate fedora "${missing[@]}")
		  Arch:            sudo pacman -S --needed $(translate arch "${missing[@]}")
	SAY
	exit 1
}

check_go
case $(uname -s) in
Linux)
	check_linux
	install_or_say
	;;
Darwin)
	if ! xcode-select -p >/dev/null 2>&1; then
		echo "Apple's compiler is missing. Run: xcode-select --install" >&2
		exit 1
	fi
	if [ "$task" = windows ] && ! has x86_64-w64-mingw32-gcc; then
		echo "The Windows compiler is missing. Run: brew install mingw-w64" >&2
		exit 1
	fi
	;;
MINGW* | MSYS* | CYGWIN*)
	if ! has gcc && ! has x86_64-w64-mingw32-gcc; then
		echo "A C compiler is missing. In the MSYS2 UCRT64 shell run: pacman -S --needed make mingw-w64-ucrt-x86_64-gcc" >&2
		exit 1
	fi
	;;
*)
	echo "This system is not known here; going on and hoping for a C compiler and the OpenGL and X11 headers." >&2
	;;
esac
