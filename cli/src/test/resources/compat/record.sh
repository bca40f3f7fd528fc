#!/usr/bin/env bash
# Writes what UNROLL, the launcher of a build, prints for each command of the transcripts: record.sh UNROLL. What takes
# another time at each run is left out.
set -euo pipefail
unroll="$(readlink -f "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")"
for file in transcripts/*.txt; do
  grep '^\$ ' "$file" | while IFS= read -r line; do
    read -ra words <<<"${line#\$ }"
    echo "$line"
    "$unroll" "${words[@]}" 2>/dev/null </dev/null | sed -e 's/"tokensPerSecond":[0-9.E-]*/"tokensPerSecond":0/g' -e 's:src/test/resources/compat/::g'
  done >"$file.new"
  mv "$file.new" "$file"
done
