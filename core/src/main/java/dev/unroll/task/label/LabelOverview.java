package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.result.Overview;
import dev.unroll.task.OverviewBuilder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is reported about labeled texts and tagged sentences before training. */
final class LabelOverview {

  /** Texts for each label, below which little is learned of it. */
  private static final int FEW = 8;

  /** Labels that are so large a share of the texts are hardly meant as labels. */
  private static final double NEARLY_ALL = 0.8;

  /** A label that so large a share has makes accuracy say little. */
  private static final double UNEQUAL = 0.9;

  /** Where this share is held out already, more would leave too little to learn from. */
  private static final double MUCH_HELD_OUT = 0.15;

  /** Texts that have another label elsewhere: from this share on, it is reported. */
  private static final double CONTRADICTED = 0.02;

  /** A tag of a smaller share of the words is rare. */
  private static final double RARE = 0.005;

  /** Tokens beyond which a long text takes much memory. */
  private static final int LONG = 2000;

  private final LabelTask task;
  private final List<LabeledSequence> training;
  private final List<LabeledSequence> validation;
  private final OverviewBuilder overview = new OverviewBuilder();

  private LabelOverview(
      LabelTask task, List<LabeledSequence> training, List<LabeledSequence> validation) {
    this.task = task;
    this.training = training;
    this.validation = validation;
  }

  static Overview of(
      LabelTask task, List<LabeledSequence> training, List<LabeledSequence> validation) {
    return new LabelOverview(task, training, validation).build();
  }

  private Overview build() {
    String noun = task.perStep() ? "sentence" : "text";
    long tokens = LabeledSequence.tokens(training);
    overview.value("tokens", tokens);
    overview.parts(
        noun,
        training.size(),
        validation.size(),
        "; " + Plural.of(tokens, "token") + " in the first part");
    overview.aside(training.size(), validation.size());
    labels();
    overview.lengths(
        "lengths", "Length", "token", training.stream().mapToInt(e -> e.tokens().size()).toArray());
    vocabulary();
    vectors();
    labelNotes(noun);
    lengthNotes();
    overview.twice(
        noun + "s",
        training.stream().map(LabeledSequence::tokens).toList(),
        validation.stream().map(LabeledSequence::tokens).toList(),
        OverviewBuilder.apart(training.stream().anyMatch(each -> !each.group().isEmpty())));
    return overview.build();
  }

  private static Map<String, Long> counts(List<LabeledSequence> part) {
    var counts = new LinkedHashMap<String, Long>();
    part.forEach(each -> each.labels().forEach(label -> counts.merge(label, 1L, Long::sum)));
    return counts;
  }

  private void labels() {
    boolean tags = task.perStep();
    overview.labels(tags ? "tags" : "labels", tags ? "word" : "text", counts(training));
  }

  private void vocabulary() {
    Lexicon lexicon = task.lexicon();
    long unknown =
        validation.stream()
            .flatMap(each -> each.tokens().stream())
            .filter(token -> lexicon.id(token) == lexicon.unknown())
            .count();
    double share = (double) unknown / Math.max(1, LabeledSequence.tokens(validation));
    boolean spelled = task.network().spelling() != null;
    overview.vocabulary("vocabulary", lexicon, share, spelled, forUnknown(spelled));
  }

  private String forUnknown(boolean spelled) {
    if (spelled) {
      boolean begins = !task.vectors().rows().isEmpty();
      return begins ? "give more to learn from" : "give more to learn from, or try {vectors}";
    }
    return task.perStep()
        ? "try {spelling 50}, which reads words by their characters"
        : "try {unit characters}, {spelling 50} or {min-count 1}";
  }

  private void vectors() {
    var rows = task.vectors().rows();
    if (!rows.isEmpty()) {
      Lexicon lexicon = task.lexicon();
      long own = rows.keySet().stream().filter(id -> lexicon.hasSeen(lexicon.token(id))).count();
      overview.value("vectors", rows.size());
      overview.fact(
          "vectors",
          String.format(
              Locale.ROOT,
              "%,d tokens of the data, and %,d others, begin with vectors",
              own,
              rows.size() - own));
    }
  }

  private void labelNotes(String noun) {
    Map<String, Long> counts = counts(training);
    var none = new TreeSet<String>();
    var one = new TreeSet<String>();
    for (String label : task.labels().names()) {
      long count = counts.getOrDefault(label, 0L);
      if (count == 0) {
        none.add(label);
      } else if (count == 1) {
        one.add(label);
      }
    }
    String word = task.perStep() ? "tag " : "label ";
    if (!task.perStep() && counts.size() > 10 && counts.size() > NEARLY_ALL * training.size()) {
      boolean numbers = counts.keySet().stream().allMatch(Numbers::isNumber);
      overview.note(
          String.format(
              Locale.ROOT,
              "nearly as many labels as texts: %,d labels for %,d texts",
              counts.size(),
              training.size()),
          "check that {label} names the column of the labels"
              + (numbers ? "; numbers are predicted by regress" : ""));
    } else if (!task.perStep() && training.size() < FEW * counts.size()) {
      overview.note(
          String.format(
              Locale.ROOT,
              "few texts for each label: %.1f on average",
              (double) training.size() / counts.size()),
          "give more, merge labels, or try {vectors}");
    }
    rare(word, none, "nothing to learn from", "in the validation part only, so it will be missed");
    rare(word, one, "one example to learn from", "");
    alike(counts);
    unequal(counts, noun);
    missing(word, counts);
    contradicted();
  }

  private void rare(String word, Set<String> labels, String what, String means) {
    if (!labels.isEmpty()) {
      boolean single = labels.size() == 1;
      overview.note(
          (single ? word : word.strip() + "s ")
              + OverviewBuilder.names(labels)
              + (single ? " has " : " have ")
              + what
              + (means.isEmpty() ? "" : ": " + means),
          "give more of them, or merge them with others");
    }
  }

  /** Labels that were hardly meant to be different: Spam and spam. */
  private void alike(Map<String, Long> counts) {
    var first = new HashMap<String, String>();
    var alike = new TreeSet<String>();
    for (String label : new TreeSet<>(counts.keySet())) {
      String other = first.putIfAbsent(plain(label), label);
      if (other != null) {
        alike.add(other);
        alike.add(label);
      }
    }
    if (!task.perStep() && !alike.isEmpty()) {
      overview.note(
          "labels "
              + OverviewBuilder.names(alike)
              + " look alike, but differ in case, white space or characters that are not seen",
          "write them alike, unless they mean different things");
    }
  }

  private static String plain(String label) {
    String same = Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return same.replaceAll("\\p{Cf}+", "").replaceAll("\\s+", " ").strip();
  }

  private void unequal(Map<String, Long> counts, String noun) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      double share = (double) each.getValue() / all;
      if (share > UNEQUAL && !task.perStep()) {
        overview.note(
            Numbers.percent(share)
                + " of the "
                + noun
                + "s have the label «"
                + each.getKey()
                + "»: always predicting it is right as often",
            "try {measure macro-f1}, or {class-weights balanced}");
      }
    }
  }

  private void missing(String word, Map<String, Long> counts) {
    var missing = new TreeSet<>(counts.keySet());
    missing.removeAll(counts(validation).keySet());
    if (task.perStep()) { // rare tags are in few sentences
      long all = LabeledSequence.tokens(training);
      missing.removeIf(tag -> counts.getOrDefault(tag, 0L) < RARE * all);
    }
    if (!missing.isEmpty()) {
      overview.note(
          String.format(
              Locale.ROOT,
              "the validation part has no %s%s: nothing tells how well %s found",
              word,
              OverviewBuilder.names(missing),
              missing.size() == 1 ? "it is" : "they are"),
          validation.size() < MUCH_HELD_OUT * (validation.size() + training.size())
              ? "hold out more with {valid-share 0.2}, or give data for {valid} that has all of"
                  + " them"
              : "give more data, or some for {valid} that has all of them");
    }
  }

  /** Texts alike that have different labels: nobody can get all of them right. */
  private void contradicted() {
    if (task.perStep()) {
      return;
    }
    var first = new HashMap<List<String>, List<String>>();
    var torn = new TreeSet<String>();
    for (LabeledSequence each : training) {
      List<String> before = first.putIfAbsent(each.tokens(), each.labels());
      if (before != null && !before.equals(each.labels())) {
        torn.add(String.join(" ", each.tokens()));
      }
    }
    double share = (double) torn.size() / Math.max(1, first.size());
    overview.value("contradicted", share);
    if (share >= CONTRADICTED) {
      overview.note(
          Numbers.percent(share) + " of the different texts have several labels, in different rows",
          "label them alike, or give several to a row");
    }
  }

  private void lengthNotes() {
    var lengths = new ArrayList<Integer>();
    training.forEach(each -> lengths.add(each.tokens().size()));
    lengths.sort(null);
    int median = lengths.get(lengths.size() / 2);
    int longest = lengths.getLast();
    if (longest > LONG && longest > 20 * median) {
      overview.note(
          String.format(
              Locale.ROOT, "the longest has %,d tokens, which take memory and time", longest),
          String.format(Locale.ROOT, "try {longest %d}", Math.max(LONG / 4, 10 * median)));
    }
    if (task.perStep() && median <= 1 && longest <= 2) {
      overview.note(
          "nearly every sentence is one word", "a blank line ends a sentence, not a word");
    } else if (task.perStep() && median > 300) {
      overview.note(
          String.format(Locale.ROOT, "sentences are very long (median %,d words)", median),
          "a blank line ends a sentence: are there any?");
    }
  }
}
