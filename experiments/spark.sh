# Sourced by scripts that run a test of the module spark which measures: builds what it needs, without the checks.
# shellcheck shell=bash
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
data="${UNROLL_DATA:-$here/../shared/data}"
mkdir -p "$here/work"

# spark_test NAME PATTERN -D…: runs a test, and shows those lines of it that match; all of them are in work/NAME.log.
spark_test() {
  local name="$1" pattern="$2" log="$here/work/$1.log"
  shift 2
  (cd "$here" && mvn -B -P quick,all -Dmaven.test.skip=false test -pl spark -am "-Dtest=$name" -Dsurefire.failIfNoSpecifiedTests=false "$@") 2>&1 |
    tee "$log" | { grep --line-buffered -E "$pattern|ERROR.*$name|BUILD" || true; }
  grep -q "BUILD SUCCESS" "$log" || { echo "it failed: see $log" >&2; exit 1; }
}
