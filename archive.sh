# Sourced by launch.sh and by the build of the distribution: class-data archives, with which commands start in half the time.
# shellcheck shell=bash

# Writes file $3, an archive of the classes of jar $2 that common commands load, with java $1. The other arguments are the
# options of the JVM that will use it.
create_archive() (
  java="$1" jar="$2" archive="$3" run=0
  shift 3
  scratch="$(mktemp -d "$archive.XXXXXX")"
  trap 'rm -rf "$scratch"' EXIT
  exec 6>&2 >"$scratch/log" 2>&1 </dev/null
  options=("$@")
  common() {
    run=$((run + 1))
    "$java" "${options[@]}" -Xint "-XX:DumpLoadedClassList=$scratch/classes.$run" -cp "$jar" dev.unroll.cli.Main "$@" || true
  }
  # A server answers one request. The pauses make runs alike: it always waits for the request, and what its library does
  # beside the start has ended when it is stopped.
  serve() {
    run=$((run + 1))
    "$java" "${options[@]}" -Xint "-XX:DumpLoadedClassList=$scratch/classes.$run" -cp "$jar" dev.unroll.cli.Main \
      serve "$1" --port 0 2>"$scratch/serve" &
    until grep -q listening "$scratch/serve" || ! kill -0 $!; do sleep 0.1; done
    port="$(sed -n 's|.*listening at http://127.0.0.1:\([0-9]*\)/.*|\1|p' "$scratch/serve")"
    printf 'POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n' >"$scratch/request"
    printf 'Content-Length: 12\r\n\r\n{"text":"a"}' >>"$scratch/request"
    { sleep 1 && cat "$scratch/request" >&5 && cat <&5 >"$scratch/answer"; } 5<>"/dev/tcp/127.0.0.1/$port" || true
    sleep 1
    kill $! || true
    wait $! || true
  }
  printf 'the cats were full\nthe cat was full\na cat was here\nwe were there\n' >"$scratch/text"
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
  serve "$scratch/classify.safetensors"
  # Each list numbers its classes; the merged list must not. Picocli's class files are so old that they can only be
  # archived unlinked: resolving their constants ("@cp") would link them, and lambdas of them hold addresses of this JVM.
  # So that the same jar gives the same archive, no list depends on which thread or compiler was faster: interpreted,
  # sorted, and without all such constants and lambdas, nor exceptions, which threads meet by chance.
  sed -e 's/ id: [0-9]*$//' -e '/^#/d' -e '/^@cp /d' -e '/^@lambda-proxy .*picocli/d' -e '/^java[A-Za-z/]*Exception$/d' \
    "$scratch"/classes.* | LC_ALL=C sort -u |
    awk '/^@/ { last = last $0 "\n"; next } { print } END { printf "%s", last }' >"$scratch/list"
  dump() {
    "$java" "${options[@]}" -Xshare:dump "-XX:SharedClassListFile=$scratch/list" "-XX:SharedArchiveFile=$1" -cp "$jar"
    [ -s "$1" ]
  }
  dump "$archive" || exit 1
  # What is released has to answer, and to be the same twice; elsewhere there may be no network.
  [ -z "${release:-}" ] || {
    grep -q '^HTTP/1.1 200' "$scratch/answer" || { echo "the server did not answer" >&6 && exit 1; }
    dump "$scratch/again" && cmp "$archive" "$scratch/again" >&6
  }
)
