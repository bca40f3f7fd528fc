package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What comments say of the sentences below them, such as {@code # weight = 2} and {@code # newdoc
 * id = mail7}. A weight is that of its sentence; a group lasts until another is named in the file.
 *
 * @param aside the names of the comments
 */
public record SentenceComments(TextTable.Aside aside) {

  private static final Pattern NAMED = Pattern.compile("#+\\s*(.+?)\\s*=\\s*(.*?)\\s*");

  /** Returns sentences with the weights and groups that their comments say. */
  public List<LabeledSequence> of(List<ConllSentence> sentences, List<LabeledSequence> labeled) {
    if (aside.weight() == null && aside.group() == null) {
      return labeled;
    }
    check(sentences, aside.weight(), "weight-column");
    check(sentences, aside.group(), "group");
    var all = new ArrayList<LabeledSequence>();
    String file = "";
    String group = "";
    for (int i = 0; i < labeled.size(); i++) {
      ConllSentence sentence = sentences.get(i);
      group = sentence.file().equals(file) ? group : "";
      file = sentence.file();
      String named = value(sentence, aside.group());
      group = named == null ? group : named;
      all.add(labeled.get(i).with(weight(sentence), group));
    }
    return all;
  }

  private static void check(List<ConllSentence> sentences, @Nullable String name, String option) {
    if (name != null && sentences.stream().allMatch(each -> value(each, name) == null)) {
      throw new InputException(
          sentences.getFirst().file() + ": no sentence has a comment # " + name + " = …",
          "Such comments stand above the tokens; see {" + option + "}.");
    }
  }

  private double weight(ConllSentence sentence) {
    String value = value(sentence, aside.weight());
    if (value == null) {
      return 1;
    }
    double weight = Numbers.parse(value);
    if (!(weight >= 0 && weight <= 1e6)) {
      throw InputException.at(
          sentence.file(),
          sentence.lines().getFirst().number(),
          String.format(Locale.ROOT, "the weight is «%s»", value),
          "A weight is a number in 0 … 1,000,000; 1 is the usual one.");
    }
    return weight;
  }

  private static @Nullable String value(ConllSentence sentence, @Nullable String name) {
    for (ConllLine line : sentence.lines()) {
      if (name != null && line.kind() == ConllLine.Kind.COMMENT) {
        Matcher named = NAMED.matcher(line.text());
        if (named.matches() && ColumnNames.plain(named.group(1)).equals(ColumnNames.plain(name))) {
          return named.group(2);
        }
      }
    }
    return null;
  }
}
