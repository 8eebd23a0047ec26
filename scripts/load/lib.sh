# Shared by what puts the service under load; lib.sh comes first.
# shellcheck shell=bash

# shellcheck disable=SC2034  # used by the scripts that source this file
LOAD=.build-run/load
# shellcheck disable=SC2034
SMALL_PHOTOS=(fixtures/box-intact.jpg fixtures/box-stained.jpg fixtures/box-torn-open.jpg
    fixtures/mug-broken.jpg fixtures/phone-intact.jpg fixtures/vehicle-intact.jpg
    fixtures/vehicle-wrecked.jpg)

# The program to measure in REGRADE: the one that is named, or a release build of this checkout.
need_program() {
    [ -z "${REGRADE:-}" ] || return 0
    need_packages "${BUILD_PACKAGES[@]}"
    need_swift
    swift build -c release --product regrade >&2
    REGRADE="$(swift build -c release --show-bin-path)/regrade"
}

# Two dozen 12 MP pictures in LOAD/photos, made once of the photos that are there.
need_large_photos() {
    local sources=(../shared/corpora/photos-full-size/*.jpg) wanted
    [ -e "${sources[0]}" ] || sources=("${SMALL_PHOTOS[@]}")
    wanted=$(cat scripts/load/photos.py "${sources[@]}" | sha256sum)
    [ "$(cat "$LOAD/photos/of" 2>/dev/null)" != "$wanted" ] || return 0
    need_python .venv-pixels scripts/judging/requirements-pixels.txt
    say "making 24 pictures of 12 MP from ${sources[0]} and others"
    .venv-pixels/bin/python scripts/load/photos.py "$LOAD/photos" 24 "${sources[@]}"
    printf '%s\n' "$wanted" >"$LOAD/photos/of"
}
