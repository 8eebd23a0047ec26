# Shared by the suites, each of which begins with:
#   # shellcheck source=stress-lib.sh
#   source "$(dirname "${BASH_SOURCE[0]}")/../stress-lib.sh"
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# stress_tests FILTER: runs the Swift tests that match, which read REGRADE_STRESS_SECONDS,
# REGRADE_STRESS_SEED and REGRADE_STRESS_FROM and print the RESULT line themselves. Tests know by
# REGRADE_STRESS=1 that they are to run at length.
stress_tests() {
    local flags
    read -ra flags <<<"${REGRADE_TEST_FLAGS:--c release --skip-build}"
    REGRADE_STRESS=1 swift test "${flags[@]}" --filter "$1"
}
