# Sourced by the scripts in this folder: where the data is, and where results go.
# shellcheck shell=bash
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
data="${UNROLL_DATA:-$here/../shared/data}"
work="${UNROLL_WORK:-$here/work}"
unroll="$here/unroll"
# shellcheck disable=SC2034 # used by scripts that source this file
bench="$here/unroll-bench"
mkdir -p "$work"
[ -d "$data" ] || { echo "no data at $data: set UNROLL_DATA" >&2; exit 2; }

# Tiny Shakespeare, the split of its README: the first 1,003,854 characters for training, the rest for validation.
split_shakespeare() {
  head -c 1003854 "$data/tinyshakespeare/input.txt" >"$work/shakespeare.train.txt"
  tail -c 111540 "$data/tinyshakespeare/input.txt" >"$work/shakespeare.valid.txt"
}

# War and Peace, the split of its README: in order, 80% for training, 10% for validation, 10% for the test. Line ends are two characters there, and so here.
split_war_and_peace() {
  local text="$work/warandpeace.txt" size
  gzip -dc "$data/warandpeace/input.txt.gz" | tr '\r' '^' >"$text"
  size="$(stat -c %s "$text")"
  head -c $((size * 8 / 10)) "$text" >"$work/warandpeace.train.txt"
  head -c $((size * 9 / 10)) "$text" | tail -c +$((size * 8 / 10 + 1)) >"$work/warandpeace.valid.txt"
  tail -c +$((size * 9 / 10 + 1)) "$text" >"$work/warandpeace.test.txt"
}

# Every tenth line of a file becomes NAME.test, the others NAME.train, with the ending of the file.
tenths() { # file, header lines, name with its folder
  [ -s "$3.test.${1##*.}" ] && return
  awk -v h="$2" 'NR <= h || NR % 10 != 0' "$1" >"$3.train.${1##*.}"
  awk -v h="$2" 'NR <= h || NR % 10 == 0' "$1" >"$3.test.${1##*.}"
}

# The value of the first field of that name in a file of JSON.
field() { grep -o "\"$1\": *-\?[0-9.eE+-]*" "$2" | head -n 1 | sed 's/.*: *//'; }

# Runs a command and prints its time and peak memory if GNU time is installed.
timed() {
  if [ -x /usr/bin/time ]; then /usr/bin/time -f 'took %E, peak memory %M KiB' "$@"; else "$@"; fi
}

# Measures a model of Brown mixed with Kneser-Ney, with a cache, and with dynamic evaluation.
brown_beyond() {
  local model="$1" mixed="${1%.safetensors}"
  "$unroll" lm ngram "$data/brown/train.txt.gz" --tokenizer-of "$model" --order 5 -o "$mixed.arpa" --test "$data/brown/test.txt"
  timed "$unroll" lm mix "$model" "$mixed.arpa" --tune "$data/brown/valid.txt" -o "$mixed.json"
  timed "$unroll" lm eval "$mixed.json" "$data/brown/test.txt"
  timed "$unroll" lm eval "$model" "$data/brown/test.txt" --cache --cache-tune "$data/brown/valid.txt"
  timed "$unroll" lm eval "$model" "$data/brown/test.txt" --dynamic --dynamic-statistics "$data/brown/train.txt.gz"
}
