package dev.unroll.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All kinds of files that Unroll reads. */
final class Kinds {

  /** What training in these uses costs little by. */
  private static final String TINY =
      " --units 3 --epochs 1 --batch 8 --valid-share 0.2 -o OUT/m.safetensors";

  static final List<Kind> ALL =
      Stream.of(models(), runs(), languageModels(), tables(), columns(), texts())
          .flatMap(List::stream)
          .toList();

  private Kinds() {}

  /** Returns the kind of a name. */
  static Kind of(String name) {
    return ALL.stream()
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind " + name + " in " + ALL));
  }

  private static List<Kind> models() {
    return List.of(
        model(
            "lm",
            "{lm-,old-}*",
            "lm score --json --per-token FILE DATA/test.txt",
            "lm score --json --given soft FILE DATA/test.txt",
            "lm score --json --given 1,0.5 --weights bfloat16 FILE DATA/test.txt",
            "recognize predict --lm FILE MODELS/recognize-tokens.safetensors DATA/heard-test.tsv",
            "lm eval --json FILE DATA/test.txt",
            "lm eval FILE DATA/test.txt --cache",
            "lm eval FILE DATA/test.txt --dynamic",
            "lm sample FILE --length 12 --count 2 --scores",
            "lm sample FILE --length 8 --beam 3 --prompt the",
            "lm sample FILE --length 8 --given hard --weights int8",
            "lm next FILE --json the cat",
            "export FILE --streaming -o OUT/model.onnx",
            "export FILE --to pytorch -o OUT/torch"),
        model(
            "classify",
            "classify-*",
            "classify predict --json --probabilities FILE DATA/topics-test.tsv",
            "classify predict FILE DATA/several-test.csv",
            "classify predict --json --format lines FILE DATA/test.txt",
            "classify eval --json FILE DATA/topics-test.tsv",
            "classify eval --json FILE DATA/several-test.csv",
            "classify eval FILE DATA/topics-test.tsv",
            "export FILE --to pytorch -o OUT/torch"),
        model(
            "tag",
            "tag-*",
            "tag predict --json --probabilities FILE DATA/spans-test.txt",
            "tag predict FILE DATA/words-test.conllu",
            "tag predict --lines FILE DATA/test.txt",
            "tag predict --replace FILE DATA/spans-test.txt",
            "tag eval --json FILE DATA/spans-test.txt",
            "tag eval FILE DATA/words-test.conllu"),
        model(
            "transduce",
            "transduce-*",
            "transduce predict --json --nbest 2 --beam 3 --longest 8 FILE DATA/numbers-test.tsv",
            "transduce predict --json --weights-of-attention --longest 8 FILE DATA/numbers-test.tsv",
            "transduce predict --longest 8 FILE --with FILE DATA/numbers-test.tsv",
            "transduce predict --longest 8 MODELS/transduce-plain.safetensors --with FILE DATA/numbers-test.tsv",
            "transduce eval --json --longest 8 FILE DATA/numbers-test.tsv"),
        model(
            "recognize",
            "recognize-*",
            "recognize predict --json --nbest 2 FILE DATA/signals-test.tsv",
            "recognize predict FILE DATA/heard-test.tsv",
            "recognize predict --lm MODELS/lm-letters.safetensors FILE DATA/heard-test.tsv",
            "recognize eval --json FILE DATA/signals-test.tsv",
            "recognize eval --json FILE DATA/heard-test.tsv"),
        model(
            "forecast",
            "forecast-*",
            "forecast predict --json FILE DATA/days-ahead.csv",
            "forecast predict FILE DATA/days-ahead.csv",
            "forecast predict --gaps fill FILE DATA/days-test.csv",
            "forecast eval --json --stride 7 FILE DATA/days-test.csv",
            "forecast eval --stride 9 FILE DATA/days-test.csv"),
        model(
            "regress",
            "regress-*",
            "regress predict --json FILE CORPUS/table/sums.tsv",
            "regress predict FILE CORPUS/table/slopes.tsv",
            "regress eval --json FILE CORPUS/table/sums.tsv",
            "regress eval FILE CORPUS/table/slopes.tsv"));
  }

  private static Kind model(String name, String files, String... commands) {
    var uses = new ArrayList<Use>(commands(commands));
    uses.addAll(commands("info --json FILE", "info FILE"));
    uses.addAll(commands("compress FILE --weights int8 -o OUT/small.safetensors"));
    uses.addAll(commands("export FILE -o OUT/model.onnx"));
    uses.add(new JavaUse("save", JavaUses::save));
    var seeds =
        new ArrayList<>(Seed.files(Places.COMPAT.resolve("models"), files + ".safetensors"));
    seeds.addAll(Seed.files(Places.CORPUS.resolve(name), "*.safetensors"));
    return new Kind(name, List.copyOf(seeds), ModelMutations::mutate, JavaUses::open, uses);
  }

  /**
   * States of runs, and ids of texts: they hold the places of files, so that they are made here.
   */
  private static List<Kind> runs() {
    return List.of(
        new Kind(
            "checkpoint",
            List.of(JavaUses.checkpointSeed()),
            ModelMutations::mutate,
            null,
            List.of(new JavaUse("resume", JavaUses::resume))),
        new Kind(
            "ids",
            List.of(JavaUses.idsSeed()),
            PackedMutations::ids,
            null,
            List.of(
                new JavaUse("read", JavaUses::ids), new JavaUse("train", JavaUses::trainOnIds))));
  }

  private static List<Kind> languageModels() {
    var models = Places.COMPAT.resolve("models");
    var arpas = new ArrayList<>(Seed.files(models, "*.arpa"));
    arpas.addAll(Seed.files(Places.CORPUS.resolve("arpa"), "*.arpa"));
    return List.of(
        new Kind(
            "arpa",
            arpas,
            Mutator.of(TextMutations::mutate),
            null,
            commands(
                "info FILE",
                "info --json FILE",
                "lm score --json FILE DATA/test.txt",
                "lm eval --json FILE DATA/test.txt",
                "lm mix FILE MODELS/lm-words.safetensors --tune DATA/valid.txt")),
        new Kind(
            "mixture",
            Seed.files(Places.CORPUS.resolve("mixture"), "*.json"),
            Mutator.of(JsonMutations::mutate),
            JavaUses::placeMembers,
            commands(
                "info FILE",
                "info --json FILE",
                "lm score --json FILE DATA/test.txt",
                "lm eval --json FILE DATA/test.txt")),
        new Kind(
            "json",
            Seed.files(Places.CORPUS.resolve("json"), "*.json"),
            Mutator.of(JsonMutations::mutate),
            null,
            List.of(new JavaUse("parse", JavaUses::json))));
  }

  private static List<Kind> tables() {
    return List.of(
        text(
            "table",
            "{topics,several}*",
            "classify predict --json MODELS/classify-one.safetensors FILE",
            "classify eval --json MODELS/classify-several.safetensors FILE",
            "classify eval MODELS/classify-characters.safetensors FILE",
            "classify train FILE --embedding 3 --units 3 --epochs 1 --batch 8 --cross-validate 2",
            "classify train FILE --embedding 3" + TINY,
            "classify baseline FILE --test DATA/topics-test.tsv",
            "regress train FILE --source-unit characters" + TINY,
            "regress eval --json CORPUS/regress/regress-characters.safetensors FILE",
            "regress predict --json CORPUS/regress/regress-numbers.safetensors FILE"),
        text(
            "objects",
            "*.jsonl",
            "classify predict --output csv --keep-columns MODELS/classify-one.safetensors FILE",
            "classify eval --json MODELS/classify-several.safetensors FILE",
            "classify train FILE --weight-column weight --group user.name --embedding 3" + TINY,
            "classify train FILE --format fasttext --embedding 3" + TINY,
            "classify train FILE --encoding Shift_JIS --embedding 3" + TINY,
            "transduce predict --output csv --longest 6 MODELS/transduce-plain.safetensors FILE",
            "regress train FILE --source-unit characters" + TINY),
        text(
            "given",
            "names*",
            "lm train FILE --given-column kind --unit characters" + TINY,
            "lm train FILE --given-column vector --given-numbers --unit characters" + TINY,
            "lm eval --json --given-column kind MODELS/lm-label.safetensors FILE",
            "lm eval --json --given-column vector MODELS/lm-numbers.safetensors FILE"),
        text(
            "pairs",
            "{numbers,heard,signals}*",
            "transduce predict --json --longest 6 MODELS/transduce-plain.safetensors FILE",
            "transduce eval --json --longest 6 MODELS/transduce-plain.safetensors FILE",
            "transduce train FILE --embedding 3" + TINY,
            "transduce baseline FILE --test DATA/numbers-test.tsv",
            "recognize predict --json MODELS/recognize-numbers.safetensors FILE",
            "recognize eval --json MODELS/recognize-tokens.safetensors FILE",
            "recognize train FILE --source-unit numbers" + TINY,
            "recognize train FILE --source-unit characters" + TINY),
        text(
            "nbest",
            "*.none",
            "lm score --nbest MODELS/lm-words.safetensors FILE",
            "lm score --nbest --all --json MODELS/ngram.arpa FILE",
            "lm score --nbest --tune MODELS/lm-words.safetensors FILE",
            "lm score --pairs --json MODELS/lm-words.safetensors FILE"),
        text(
            "series",
            "days*",
            "forecast predict --json MODELS/forecast-mean.safetensors FILE",
            "forecast predict MODELS/forecast-gaussian.safetensors FILE",
            "forecast predict --gaps fill MODELS/forecast-mean.safetensors FILE",
            "forecast predict --gaps skip --json MODELS/forecast-quantiles.safetensors FILE",
            "forecast eval --json --stride 7 MODELS/forecast-median.safetensors FILE",
            "forecast train FILE --context 5 --horizon 2" + TINY,
            "forecast train FILE --gaps mask" + TINY,
            "forecast train FILE --series offer --context 3 --horizon 1 --gaps skip" + TINY,
            "forecast train DATA/days.csv --context 5 --horizon 2 --calendar business --holidays FILE"
                + TINY,
            "forecast train FILE --context 5 --horizon 2 --gaps fill --calendar weekday" + TINY,
            "forecast train FILE --context 3 --horizon 1 --gaps skip --relative last" + TINY));
  }

  private static List<Kind> columns() {
    return List.of(
        text(
            "conll",
            "spans*",
            "tag predict --json MODELS/tag-crf.safetensors FILE",
            "tag predict --replace MODELS/tag-crf.safetensors FILE",
            "tag eval --json MODELS/tag-crf.safetensors FILE",
            "tag train FILE --embedding 3 --words 1 --columns 2 --scheme iobes" + TINY,
            "tag baseline FILE --test DATA/spans-test.txt"),
        text(
            "conllu",
            "words*",
            "tag predict MODELS/tag-words.safetensors FILE",
            "tag predict --json --probabilities MODELS/tag-words.safetensors FILE",
            "tag eval --json MODELS/tag-words.safetensors FILE",
            "tag train FILE --embedding 3" + TINY),
        vectors("glove", TextMutations::mutate),
        vectors("fasttext", TextMutations::mutate),
        vectors("word2vec", PackedMutations::vectors));
  }

  private static Kind vectors(String name, Mutator.Bytes mutations) {
    var train = "classify train DATA/topics.tsv --vectors FILE" + TINY;
    var read = new JavaUse("read", JavaUses::vectors);
    List<Use> uses = List.of(read, read, read, new CommandUse(train));
    var seeds = Seed.files(Places.CORPUS.resolve(name), "*");
    return new Kind(name, seeds, Mutator.of(mutations), null, uses);
  }

  private static List<Kind> texts() {
    String[] commands = {
      "lm score --json MODELS/lm-words.safetensors FILE",
      "lm score --json MODELS/lm-byte-pairs.safetensors FILE",
      "lm score --json MODELS/ngram.arpa FILE",
      "lm eval --json MODELS/lm-characters.safetensors FILE",
      "lm eval --json MODELS/lm-bytes.safetensors FILE",
      "lm train FILE --min-count 1" + TINY,
      "lm train FILE --unit characters" + TINY,
      "lm train FILE --unit byte-pairs --vocabulary 80" + TINY,
      "lm train FILE --unit tokens --min-count 1 --ids OUT/x.ids" + TINY,
      "lm ngram FILE --order 3 --min-count 1 -o OUT/m.arpa",
      "classify predict --json --format lines MODELS/classify-one.safetensors FILE",
      "tag predict --lines MODELS/tag-words.safetensors FILE",
    };
    return List.of(
        text("text", "{text,test,valid,letters}*", commands),
        new Kind(
            "gzip",
            Seed.files(Places.CORPUS.resolve("gzip"), "*.gz"),
            PackedMutations::gzip,
            null,
            commands(commands)));
  }

  private static Kind text(String name, String files, String... commands) {
    var seeds = new ArrayList<>(Seed.files(Places.COMPAT.resolve("data"), files));
    seeds.addAll(Seed.files(Places.CORPUS.resolve(name), "*"));
    var mutator = Mutator.of(TextMutations::mutate);
    return new Kind(name, List.copyOf(seeds), mutator, null, commands(commands));
  }

  private static List<Use> commands(String... lines) {
    return Arrays.<String>stream(lines).<Use>map(CommandUse::new).toList();
  }
}
