# Sourced by the launchers unroll and unroll-bench: finds a JDK 25, builds what is older than its sources, runs a jar.
# shellcheck shell=bash disable=SC2154 # the launchers set "here"
set -euo pipefail

# Prints the major version of the JDK at $1, or nothing.
major() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  local candidate
  for candidate in "${UNROLL_JAVA_HOME:-}" "${JAVA_HOME:-}" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/*jdk*; do
    if [ -n "$candidate" ] && [ "$(major "$candidate")" = 25 ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Options of every JVM. Until the JIT has compiled the vector kernels, the scalar ones are faster: short commands
# have ended by then.
jvm=(--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64
  -XX:+UseTransparentHugePages -Dunroll.kernel.scalar.start=200000000)

# Builds the modules $1 and what they need, unless the jar $2 is newer than all sources. Further arguments are Maven's.
build() {
  local modules="$1" jar="$2" log
  shift 2
  if [ -f "$jar" ] && [ -z "$(find "$here"/{core,text,cli,bench,bench/contender,bench/kernels,bench/peers,bench/peers-dl4j}/{pom.xml,src/main} \
    "$here/pom.xml" -newer "$jar" -print -quit)" ]; then
    return 0
  fi
  echo "unroll: building (first use, or the sources changed); this takes about a minute ..." >&2
  command -v mvn >/dev/null || { echo "unroll: Maven (mvn) is needed for the first build" >&2; exit 1; }
  log="$(mktemp)"
  if ! (cd "$here" && mvn -q -B package -DskipTests -pl "$modules" -am "$@" </dev/null >"$log" 2>&1); then
    cat "$log" >&2
    rm -f "$log"
    echo "unroll: the build failed" >&2
    exit 1
  fi
  rm -f "$log"
  touch "$jar"
}

# Creates a class-data archive of the classes of jar $2 that common commands load, so that they start in half the time.
# A JVM that cannot use the archive starts without it.
archive() {
  local jdk="$1" jar="$2" file="${2%.jar}.jsa" scratch
  [ -f "$file" ] && [ "$file" -nt "$jar" ] && return 0
  scratch="$(mktemp -d)"
  printf 'the cats were full\nthe cat was full\na cat was here\nwe were there\n' >"$scratch/text"
  common() {
    "$jdk/bin/java" "${jvm[@]}" "-XX:DumpLoadedClassList=$scratch/classes.${*:1:2}" -jar "$jar" "$@" || true
  }
  {
    common lm train "$scratch/text" --unit characters --units 8 --epochs 1 -o "$scratch/model.safetensors"
    common lm score "$scratch/model.safetensors" "$scratch/text"
    common lm eval "$scratch/model.safetensors" "$scratch/text"
    common lm sample "$scratch/model.safetensors" --length 5
    common info "$scratch/model.safetensors"
    printf 'label\ttext\na\tthe cats\nb\tthe dogs\na\ta cat\nb\ta dog\n' >"$scratch/texts.tsv"
    common classify train "$scratch/texts.tsv" --units 8 --epochs 1 -o "$scratch/classify.safetensors"
    common classify predict "$scratch/classify.safetensors" "$scratch/text"
    printf 'the D\ncat N\n\na D\ncat N\n\n' >"$scratch/words"
    common tag train "$scratch/words" --valid "$scratch/words" --min-count 1 --units 8 --epochs 1 -o "$scratch/tag.safetensors"
    common tag predict "$scratch/tag.safetensors" --lines "$scratch/text"
    # Each list numbers its classes; the merged list must not. Picocli's class files are so old that they can only be
    # archived unlinked, and resolving their constants ("@cp") would link them.
    sed -e 's/ id: [0-9]*$//' -e '/^@cp picocli/d' "$scratch"/classes.* | awk '!seen[$0]++' >"$scratch/list"
    "$jdk/bin/java" "${jvm[@]}" -Xshare:dump "-XX:SharedClassListFile=$scratch/list" "-XX:SharedArchiveFile=$file" -cp "$jar" || true
  } >"$scratch/log" 2>&1 </dev/null
  [ -f "$file" ] || : >"$file" # so that it is not tried again at each start
  rm -rf "$scratch"
}

# Builds module $1 if necessary and runs its jar $2 with the other arguments.
launch() {
  local module="$1" jar="$here/$2" jdk terminal=false filter program status=0
  shift 2
  if ! jdk="$(find_jdk)"; then
    echo "unroll: no JDK 25 found; install one (such as Temurin 25) or set JAVA_HOME to it" >&2
    exit 1
  fi
  build "$module" "$jar"
  if [ "$module" = cli ]; then
    archive "$jdk" "$jar"
    [ ! -s "${jar%.jar}.jsa" ] || jvm+=("-XX:SharedArchiveFile=${jar%.jar}.jsa")
  fi
  # Arguments and file names are UTF-8, even if no locale is set (cron, minimal containers).
  [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
  [ -t 2 ] && terminal=true
  # The first line of the JVM on stderr warns about the incubating Vector API; it is dropped.
  exec 3>&2
  exec 4> >(
    IFS= read -r first || true
    case "$first" in
      "WARNING: Using incubator modules:"* | "") ;;
      *) printf '%s\n' "$first" >&3 ;;
    esac
    exec cat >&3
  )
  filter=$!
  # In the background with the same standard input, so that a signal to this script reaches the program.
  # shellcheck disable=SC2086 # the variable may hold several options
  "$jdk/bin/java" "${jvm[@]}" "-Dunroll.terminal=$terminal" "-Dunroll.home=$here" ${UNROLL_JAVA_OPTIONS:-} -jar "$jar" "$@" <&0 2>&4 &
  program=$!
  trap 'kill -TERM "$program" 2>/dev/null || true' TERM INT HUP
  wait "$program" || status=$?
  while kill -0 "$program" 2>/dev/null; do # a signal ended the wait, not the program
    status=0
    wait "$program" || status=$?
  done
  exec 4>&-
  wait "$filter" 2>/dev/null || true # until the last message is written
  exit "$status"
}
