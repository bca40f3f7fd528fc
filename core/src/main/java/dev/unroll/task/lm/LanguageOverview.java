package dev.unroll.task.lm;

import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.result.Overview;
import dev.unroll.task.OverviewBuilder;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What is reported about a text before a language model is trained. */
final class LanguageOverview {

  /** Sentences of the validation part that are looked for in the other. */
  private static final int LOOKED_FOR = 100_000;

  /** Sentences shorter than this are the same by chance. */
  private static final int LEAST = 4;

  /** Lines that stand twice are usual in texts; from this share on they are reported. */
  private static final double MUCH = 0.2;

  /** Tokens below which a network has little to learn from. */
  private static final long FEW = 5000;

  private LanguageOverview() {}

  static Overview of(IdStream training, IdStream validation) {
    var overview = new OverviewBuilder();
    Tokenizer tokenizer = training.tokenizer();
    overview.value("training", training.size());
    overview.value("validation", validation.size());
    overview.value("trainingSentences", training.sentences());
    overview.value("validationSentences", validation.sentences());
    overview.fact(
        "data",
        String.format(
            Locale.ROOT,
            "%,d tokens to train on, %,d to validate on; %,d and %,d lines",
            training.size(),
            validation.size(),
            training.sentences(),
            validation.sentences()));
    int median = overview.lengths("lengths", "Length", "token", lengths(training));
    double unknown = unknown(validation);
    overview.vocabulary(
        "vocabulary",
        tokenizer,
        unknown,
        tokenizer.hasWords()
            ? "try {unit characters}, {unit byte-pairs} or {min-count 1}"
            : "is the text in the encoding and the language of the other?");
    if (tokenizer.hasWords() && median <= 1) {
      overview.note(
          "most lines are a single word, so there is no context to predict it from",
          "try {unit characters}, which suits names and other words");
    } else if (training.size() < FEW) {
      overview.note(
          String.format(Locale.ROOT, "%,d tokens are few for learning a language", training.size()),
          tokenizer.hasWords() ? "try {unit characters}, or give more text" : "give more text");
    }
    overview.twice("lines", twice(training, validation), MUCH, "take them out of one part");
    return overview.build();
  }

  /** Returns the share of a text that is outside the vocabulary, ends of sentences apart. */
  static double unknown(IdStream text) {
    int unknown = text.tokenizer().unknown();
    long count = 0;
    for (long at = 0; at < text.size(); at++) {
      count += text.id(at) == unknown ? 1 : 0;
    }
    return (double) count / Math.max(1, text.size() - text.sentences());
  }

  /** Lengths of sentences without their ends; of every k-th where there are very many. */
  private static int[] lengths(IdStream text) {
    long every = Math.max(1, text.sentences() / LOOKED_FOR);
    int[] lengths = new int[Math.toIntExact(text.sentences() / every)];
    for (int i = 0; i < lengths.length; i++) {
      long sentence = i * every;
      long length = text.sentenceStart(sentence + 1) - text.sentenceStart(sentence) - 1;
      lengths[i] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, length));
    }
    return lengths;
  }

  /** Which share of the tokens is in lines that are in the training part: short ones often are. */
  private static double twice(IdStream training, IdStream validation) {
    Set<Long> wanted = new HashSet<>();
    long count = 0;
    long last = Math.min(LOOKED_FOR, validation.sentences());
    for (long s = 0; s < last; s++) {
      if (isLong(validation, s)) {
        wanted.add(hash(validation, s));
      }
    }
    Set<Long> found = new HashSet<>();
    for (long s = 0; s < training.sentences() && found.size() < wanted.size(); s++) {
      if (isLong(training, s)) {
        long hash = hash(training, s);
        if (wanted.contains(hash)) {
          found.add(hash);
        }
      }
    }
    long both = 0;
    for (long s = 0; s < last; s++) {
      if (isLong(validation, s)) {
        count += length(validation, s);
        both += found.contains(hash(validation, s)) ? length(validation, s) : 0;
      }
    }
    return (double) both / Math.max(1, count);
  }

  private static boolean isLong(IdStream text, long sentence) {
    return length(text, sentence) > LEAST;
  }

  private static long length(IdStream text, long sentence) {
    return text.sentenceStart(sentence + 1) - text.sentenceStart(sentence);
  }

  /** What is unknown is the same in all: such a sentence is like itself only. */
  private static long hash(IdStream text, long sentence) {
    long hash = 1125899906842597L;
    for (long at = text.sentenceStart(sentence); at < text.sentenceStart(sentence + 1); at++) {
      int id = text.id(at);
      hash = 31 * hash + (id == text.tokenizer().unknown() ? -1 - at : id);
    }
    return hash;
  }
}
