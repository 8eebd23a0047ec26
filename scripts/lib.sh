# Shared by the scripts in this folder: `source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"`.
# It changes to the repository root, so that every script works from any directory.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Some machines preset these to an old processor, which costs OpenBLAS two thirds of its speed.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

# What the build links against and what fetching packages needs.
# shellcheck disable=SC2034  # used by the scripts that source this file
BUILD_PACKAGES=(git libc6-dev libjpeg62-turbo-dev liblcms2-dev libopenblas-dev libpng-dev
    libsqlite3-dev libstdc++-12-dev pkg-config zlib1g-dev)
# What the judging and training environments need besides.
PYTHON_PACKAGES=(python3 python3-venv)

# Prints a line of progress on stderr; stdout is for results.
say() { printf '==> %s\n' "$*" >&2; }

# Ends the script with a sentence that says what was wrong.
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# The repository's name and version of a Debian package that is not installed yet, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            printf '%s\n' "$package"
    done
}

# Installs those of the named Debian packages that are missing, as root or through sudo.
need_packages() {
    local missing as_root=()
    command -v dpkg-query >/dev/null || {
        say "this is not Debian: make sure that these are installed: $*"
        return 0
    }
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "run as root or install sudo; missing: ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Checks that a Swift toolchain of at least 6.3 is in PATH.
need_swift() {
    local version
    command -v swift >/dev/null || die "no swift in PATH; install the Swift 6.3 toolchain"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -1)
    printf '6.3\n%s\n' "$version" | sort -V -C ||
        die "swift $version is too old; install the Swift 6.3 toolchain"
}

# need_python FOLDER REQUIREMENTS [EXACT]: a virtual environment with exactly these packages,
# remade when a file changes. EXACT is installed without the dependencies its packages name.
need_python() {
    local folder=$1 requirements=$2 exact=${3:-} wanted
    wanted=$(cat "$requirements" ${exact:+"$exact"} | sha256sum | cut -d' ' -f1)
    [ "$(cat "$folder/requirements.sha256" 2>/dev/null)" != "$wanted" ] || return 0
    need_packages "${PYTHON_PACKAGES[@]}"
    say "making $folder from $requirements"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check -r "$requirements"
    [ -z "$exact" ] ||
        "$folder/bin/pip" install -q --disable-pip-version-check --no-deps -r "$exact"
    printf '%s\n' "$wanted" >"$folder/requirements.sha256"
}

# Blender as a Python module, and the libraries that it loads.
need_blender() {
    need_packages libegl1 libgl1 libice6 libsm6 libxfixes3 libxi6 libxkbcommon0 libxrender1 \
        libxxf86vm1
    need_python .venv-fixtures scripts/fixtures/requirements.txt
}

# The environment with the public ONNX suite and ONNX Runtime.
need_judging_python() {
    need_python .venv-judge scripts/judging/requirements.txt scripts/judging/requirements-exact.txt
}
