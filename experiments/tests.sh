# Sourced by scripts that run a program of the tests in fuzz: builds it.
# shellcheck shell=bash
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$here"
source "$here/launch.sh" # which finds the JDK
mvn -q -B package -DskipTests -pl fuzz -am >&2

# program NAME ARGUMENT…: runs a program of fuzz with a heap of 512 MB.
program() {
  local name="$1"
  shift
  "$jdk/bin/java" --add-modules jdk.incubator.vector -Xmx512m -XX:-OmitStackTraceInFastThrow \
    -cp "fuzz/target/test-classes:cli/target/unroll.jar" "dev.unroll.fuzz.$name" "$@" 2> >(grep -v '^WARNING: Using incubator' >&2)
}
