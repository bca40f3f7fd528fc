#!/usr/bin/env bash
# Trains the models of this folder: make.sh UNROLL-0.1.0 UNROLL-0.2.0, each the launcher of a build of that version
# (0.1.0 is commit 3016060, 0.2.0 is commit 6cda0a7). JAVA_HOME is a JDK 25. record.sh writes what the models print.
set -euo pipefail
old="$(readlink -f "$1")" new="$(readlink -f "$2")"
cd "$(dirname "${BASH_SOURCE[0]}")"
here=src/test/resources/compat # tests run in the folder of the module, and a model remembers the path of its vectors
cd "../../../.."
rm -rf $here/models $here/killed
mkdir -p $here/models $here/killed

options() { # LIST NAME: the words of a training
  sed -n "s/^$2: //p" "$here/$1" | sed "s: data/: $here/data/:g"
}

train() { # LAUNCHER LIST
  local name
  for name in $(sed -n 's/^\([^#]*\): .*/\1/p' "$here/$2"); do
    read -ra words <<<"$(options "$2" "$name")"
    echo "$name"
    "$1" "${words[@]}" --threads 1 -o "$here/models/$name.safetensors" >/dev/null 2>"$here/errors" </dev/null || { cat "$here/errors"; exit 1; }
  done
  rm "$here/errors"
}
train "$old" trainings-0.1.0.txt
train "$new" trainings.txt

compress() { # MODEL KIND
  "$new" compress "$here/models/$1.safetensors" --weights "$2" -o "$here/models/$1-$2.safetensors" >/dev/null
}
compress lm-adaptive bfloat16
for model in lm-words transduce-multiplicative recognize-numbers forecast-gaussian; do
  compress "$model" int8
done
"$new" lm ngram $here/data/text.txt --order 2 --tokenizer-of $here/models/lm-words.safetensors -o $here/models/ngram.arpa >/dev/null 2>&1
"$new" lm mix $here/models/ngram.arpa $here/models/lm-words.safetensors -o $here/models/mixture.json >/dev/null 2>&1

# Runs that are killed once they have kept a checkpoint, long before their end: -Xint makes them slow.
jar="$(dirname "$new")/cli/target/unroll.jar"
for name in lm-words lm-stream tag-crf transduce-additive recognize-numbers forecast-median; do
  read -ra words <<<"$(options trainings.txt "$name")"
  folder="$here/killed/$name.safetensors.run"
  "$JAVA_HOME/bin/java" -Xint --add-modules jdk.incubator.vector -Dunroll.kernel=scalar -jar "$jar" "${words[@]}" --threads 1 \
    --checkpoint-every 3 -o "$here/killed/$name.safetensors" >/dev/null 2>&1 &
  until compgen -G "$folder/step-000000001[0-9].safetensors" >/dev/null; do kill -0 $! || exit 1; done
  kill -9 $!
  wait $! 2>/dev/null || true
  rm -f "$folder"/*.part $here/killed/*.part
  find "$folder" -name 'step-*' | sort | head -n -1 | xargs -r rm
  ls "$folder"
done
