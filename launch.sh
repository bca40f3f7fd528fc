# Sourced by the launchers unroll and unroll-bench: finds a JDK, builds what is older than its sources, runs it.
# shellcheck shell=bash disable=SC2154 # the launchers set "here"
set -euo pipefail
source "$here/run.sh"
source "$here/archive.sh"

oldest=25 # the Java that the sources are compiled for

say() { echo "unroll: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Sets "major" to the version of the JDK at $1; to 0 if there is none, or one without the Vector API.
find_major() {
  local line
  major=0
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r line; do
    case "$line" in
      JAVA_VERSION=\"[0-9]*) line="${line#*\"}" major="${line%%[!0-9]*}" ;;
      MODULES=*jdk.incubator.vector*) return 0 ;;
      MODULES=*) major=0 ;;
    esac
  done <"$1/release"
}

# Sets "jdk": $UNROLL_JAVA_HOME, else $JAVA_HOME if it is new enough, else of all that are installed the newest with
# long-term support (25, 29, ...), else the newest, else what "java" stands for.
find_jdk() {
  local candidate rank best=0 major
  jdk="${UNROLL_JAVA_HOME:-${JAVA_HOME:-}}"
  find_major "$jdk"
  [ "$major" -lt "$oldest" ] || return 0
  [ -z "${UNROLL_JAVA_HOME:-}" ] || fail "UNROLL_JAVA_HOME=$jdk is not a JDK $oldest or newer; set it to one, or unset it"
  for candidate in /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /opt/*jdk* /opt/java/* /usr/local/*jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    find_major "$candidate"
    rank=$((major + ((major - 25) % 4 == 0 ? 1000 : 0)))
    if [ "$major" -ge "$oldest" ] && [ "$rank" -gt "$best" ]; then
      best="$rank"
      jdk="$candidate"
    fi
  done
  [ "$best" -eq 0 ] || return 0
  jdk="$(readlink -f "$(command -v java || true)" || true)"
  jdk="${jdk%/bin/java}"
  find_major "$jdk"
  [ "$major" -ge "$oldest" ] || fail "no JDK $oldest or newer found; install one (such as Temurin $oldest) or set JAVA_HOME to it"
}

# Sets "cache" to the folder for what can be made again; empty if there is none that can be written.
find_cache() {
  cache="${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}"
  case "$cache" in
    /*) cache="$cache/unroll" ;;
    *) cache='' ;;
  esac
  [ -z "$cache" ] || { mkdir -p "$cache" && [ -w "$cache" ]; } 2>/dev/null || cache=''
}

# Whether this folder is ours to write into: neither read-only (for root, too) nor another user's.
is_ours() {
  local folder mode
  for folder in "$here" "$here"/target "$here"/*/target; do
    [ -d "$folder" ] || continue
    mode="$(ls -ld "$folder")"
    [ -w "$folder" ] && [ -O "$folder" ] && [ "${mode:2:1}" = w ] || return 1
  done
}

# Prints the files and folders that modules $1 are built from.
sources() {
  printf '%s\n' LICENSE NOTICE pom.xml .mvn bom/pom.xml {core,text,api,interop,server,cli}/{pom.xml,src/main}
  [ "$1" = cli ] || printf '%s\n' {dist,examples,fuzz}/pom.xml spark/{pom.xml,jvm.options,log4j2.properties,src/main} {bench,bench/contender,bench/kernels,bench/peers,bench/peers-dl4j}/{pom.xml,src/main}
}

# Prints a hash of what modules $1 are built from.
hash_sources() {
  # shellcheck disable=SC2046 # names without spaces
  (cd "$here" && find $(sources "$1") -type f -exec cksum {} + | LC_ALL=C sort | cksum)
}

# Prints hashes of jar $1 and of the jars of Unroll that it needs.
hash_jars() {
  (cd "${1%/*}" && cksum "${1##*/}" lib/unroll-*.jar)
}

# Whether jar $2 was built to the end, and from the sources of modules $1 as they are. Dates decide, and contents where a
# copy or a checkout has changed the dates.
is_fresh() {
  local built="${2%.jar}.built"
  [ -f "$2" ] && [ -f "$built" ] || return 1
  # shellcheck disable=SC2046 # names without spaces
  if [ "$2" -nt "$built" ] || [ -n "$(cd "$here" && find $(sources "$1") -newer "$built" -print -quit)" ]; then
    [ "$(hash_sources "$1" && hash_jars "$2")" = "$(cat "$built")" ] || return 1
    case "$2" in "$here"/*) is_ours || return 0 ;; esac
    touch "$built"
  fi
}

# Waits until no other launcher holds lock $1, and holds it until "unlock". The system releases the lock of a killed
# builder with its last process; where there is no flock, the lock is a folder that names its processes.
lock() {
  local folder="$1.d" patience='another unroll builds here; waiting for it ...'
  if command -v flock >/dev/null; then
    exec 9>"$1"
    flock -n 9 || { say "$patience" && flock 9; }
    return 0
  fi
  if ! mkdir "$folder" 2>/dev/null; then
    say "$patience"
    until mkdir "$folder" 2>/dev/null; do
      if is_abandoned "$folder"; then
        mv "$folder" "$folder.$$" 2>/dev/null && rm -rf "$folder.$$"
      fi
      sleep 0.2
    done
  fi
  held="$folder"
  echo $$ >"$folder/processes"
}
held=''

# Whether all processes that lock $1 names have ended. One that names none is left alone for a minute.
is_abandoned() {
  local process
  if [ ! -s "$1/processes" ]; then
    [ -n "$(find "$1" -prune -mmin +1 2>/dev/null)" ]
    return
  fi
  while read -r process; do
    ! ps -p "$process" >/dev/null || return 1
  done <"$1/processes"
}

unlock() {
  if [ -n "$held" ]; then rm -rf "$held"; else exec 9>&-; fi
  held=''
}

# Builds modules $1 and what they need, with Maven's profiles $2, unless jar $3 is fresh. Sets "root" to where that was
# done, and "jar".
build() {
  local modules="$1" before
  root="$here"
  jar="$root/$3"
  ! is_fresh "$modules" "$jar" || return 0
  if ! is_ours; then
    [ -n "$cache" ] || fail "neither $here nor a cache can be written; set XDG_CACHE_HOME to a folder to build in"
    root="$cache/build-$(cksum <<<"$here" | tr -d ' ')"
    jar="$root/$3"
    ! is_fresh "$modules" "$jar" || return 0
  fi
  command -v mvn >/dev/null || fail "Maven (mvn) is needed to build; or use the archive unroll-VERSION-linux-x64.tar.gz, which needs nothing"
  mkdir -p "$root/target"
  lock "$root/target/launch.lock"
  if ! is_fresh "$modules" "$jar"; then # another launcher may have built it meanwhile
    say "building in $root (first use, or the sources changed); this takes about half a minute ..."
    before="$(hash_sources "$modules")"
    prepare "$root" "$modules" "$jar"
    run_maven "$root" package -P "$2" -pl "$modules" -am
    { echo "$before" && hash_jars "$jar"; } >"${jar%.jar}.built"
  fi
  unlock
}

# Copies what modules $2 are built from to folder $1, unless it is built where it is, and takes away what a build of jar $3
# that was interrupted may have left.
prepare() {
  local each
  if [ "$1" != "$here" ]; then
    for each in $(sources "$2"); do
      [ -e "$here/$each" ] || continue
      rm -rf "${1:?}/$each"
      mkdir -p "$(dirname "$1/$each")"
      cp -R "$here/$each" "$1/$each"
      chmod -R u+w "$1/$each"
    done
  fi
  [ -f "${3%.jar}.built" ] || rm -rf "$1"/{core,text,api,interop,server,cli,spark,bench}/target/classes
  rm -rf "${3%.jar}.built" "${3%/*}"/lib/*.jar
}

# Runs Maven in folder $1 with the other arguments, on the JDK that was found.
run_maven() {
  local root="$1" log="$1/target/launch.log" processes="${held:+$held/processes}"
  shift
  # shellcheck disable=SC2016 # the inner shell expands its arguments
  if ! (cd "$root" && JAVA_HOME="$jdk" sh -c 'echo $$ >>"$0" && exec mvn -B "$@"' "${processes:-/dev/null}" "$@" </dev/null 2>&1) |
    show_progress "$log"; then
    grep -v '^\[INFO\]' "$log" >&2 || true
    fail "the build failed; all of its output is in $log"
  fi
}

# Copies Maven's output to file $1 and says which module is being built.
show_progress() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ "$line" =~ ^\[INFO\]\ Building\ (.*[^\ ])\ +[^\ ]+\ +\[([0-9]+)/([0-9]+)\]$ ]]; then
      say "building ${BASH_REMATCH[1]} (${BASH_REMATCH[2]} of ${BASH_REMATCH[3]}) ..."
    fi
  done >"$1"
}

# Adds the class-data archive of the jar to the options of the JVM; creates it in the cache once for each state of jars
# and JDK. Without a cache, or if the archive cannot be created, commands only start later.
archive() {
  local name key file
  [ -n "$cache" ] || return 0
  name="classes-${jar//[!A-Za-z0-9]/-}"
  [ "${#name}" -le 100 ] || name="${name:0:8}${name: -92}"
  key="$({ cat "$jdk/release" && ls -ln "$jar" "${jar%/*}/lib"; } | cksum)"
  file="$cache/$name-${key%% *}.jsa"
  # An empty file stands for an archive that is being created, or that could not be; it is tried again a day later.
  if [ ! -f "$file" ] || { [ ! -s "$file" ] && [ -n "$(find "$file" -mtime +0)" ]; }; then
    find "$cache" -maxdepth 1 -name 'classes-*' \( -name "$name-*" -o -atime +30 \) -exec rm -rf {} + 2>/dev/null || true
    { : >"$file"; } 2>/dev/null || return 0
    say "preparing faster starts (once) ..."
    if create_archive "$jdk/bin/java" "$jar" "$file.new" "${jvm[@]}" 2>/dev/null; then mv -f "$file.new" "$file"; fi
  fi
  [ ! -s "$file" ] || jvm+=("-XX:SharedArchiveFile=$file")
}

# Runs jar $3 of modules $1, built with Maven's profiles $2 if necessary, with the other arguments.
launch() {
  build "$1" "$2" "$3"
  [ "$1" != cli ] || archive
  shift 3
  start -jar "$jar" "$@"
}

# Runs a command of module spark with Spark as Maven has it, on the processors of this machine.
launch_spark() {
  build spark quick,all,spark-home spark/target/unroll-spark.jar
  jvm+=("@$root/spark/jvm.options" "-Dlog4j2.configurationFile=$root/spark/log4j2.properties")
  export SPARK_LOCAL_IP="${SPARK_LOCAL_IP:-127.0.0.1}" # nobody else sees its pages
  # Of the libraries that both have, Spark's come first.
  start -cp "$jar:${jar%/*}/spark-home/jars/*:${jar%/*}/lib/*" dev.unroll.spark.Main "$@"
}

# Runs what was built: a jar or a class with its arguments.
start() {
  # shellcheck disable=SC2046,SC2086 # the variable may hold several options
  run "$jdk/bin/java" "${jvm[@]}" "-Dunroll.home=$root" $(young ${UNROLL_JAVA_OPTIONS:-}) ${UNROLL_JAVA_OPTIONS:-} "$@"
}

find_jdk
find_cache
jvm=("@$here/cli/src/main/resources/dev/unroll/cli/jvm.options")
