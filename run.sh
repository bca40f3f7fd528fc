# Sourced by launch.sh and by bin/unroll of the distribution.
# shellcheck shell=bash

# Prints the option that gives young objects a quarter of the heap where options $@ of the user make it so small that the
# 96 MB of jvm.options are more. What the user says of young objects stays.
young() {
  local each size=''
  for each in "$@"; do
    case "$each" in
      -Xmn* | -XX:NewSize=* | -XX:MaxNewSize=*) return 0 ;;
      -Xmx*) size="${each#-Xmx}" ;;
      -XX:MaxHeapSize=*) size="${each#*=}" ;;
    esac
  done
  case "$size" in
    '' | *[!0-9kKmMgG]* | *[kKmMgG]?*) return 0 ;; # no size: the JVM says so
    *[kK]) size=$((${size%?} >> 10)) ;;
    *[mM]) size="${size%?}" ;;
    *[gG]) size=$((${size%?} << 10)) ;;
    *) size=$((size >> 20)) ;;
  esac
  [ "$size" -ge 384 ] || echo "-Xmn$((size / 4))m"
}

# Runs java $1 with the other arguments, and ends with its exit status.
run() {
  local java="$1" terminal=false filter program status=0 interrupted=false
  shift
  # Arguments and file names are UTF-8, even if no locale is set (cron, minimal containers).
  [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
  [ -t 2 ] && terminal=true
  # The first line of the JVM on stderr warns about the incubating Vector API; it is dropped.
  exec 3>&2
  exec 4> >(
    trap '' INT TERM HUP # it passes on what the program says when it is stopped
    IFS= read -r first || true
    case "$first" in
      "WARNING: Using incubator modules:"* | "") ;;
      *) printf '%s\n' "$first" >&3 ;;
    esac
    exec cat >&3
  )
  filter=$!
  # In the background with the same standard input, so that a signal to this script reaches the program.
  "$java" "-Dunroll.terminal=$terminal" "$@" <&0 2>&4 &
  program=$!
  trap 'kill -TERM "$program" 2>/dev/null || true' TERM HUP
  # What runs in the background ignores Ctrl-C: it gets the other signal, and the status is put right below.
  trap 'interrupted=true; kill -TERM "$program" 2>/dev/null || true' INT
  wait "$program" || status=$?
  while kill -0 "$program" 2>/dev/null; do # a signal ended the wait, not the program
    status=0
    wait "$program" || status=$?
  done
  if "$interrupted" && [ "$status" -eq 143 ]; then status=130; fi
  exec 4>&-
  wait "$filter" 2>/dev/null || true # until the last message is written
  exit "$status"
}
