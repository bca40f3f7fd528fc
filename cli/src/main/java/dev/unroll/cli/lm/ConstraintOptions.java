package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.result.Sampling;
import dev.unroll.text.pattern.TextRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what a drawn text has to match, contain or avoid, and where it ends. */
final class ConstraintOptions {

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the text before TEXT, which is not printed. Repeatable.")
  List<String> stops = new ArrayList<>();

  @Option(
      names = "--pattern",
      paramLabel = "REGEX",
      description =
          "Draw only texts that match REGEX as a whole, within --length tokens. Neither the"
              + " prompt nor a space after it that belongs to no token is part of the match.")
  @Nullable String pattern;

  @Option(
      names = "--must",
      paramLabel = "TEXT",
      description = "Draw only texts that contain TEXT. Repeatable: all of them.")
  List<String> musts = new ArrayList<>();

  @Option(
      names = "--ban",
      paramLabel = "TEXT",
      description = "Draw only texts that do not contain TEXT. Repeatable: none of them.")
  List<String> bans = new ArrayList<>();

  @Option(
      names = "--whole-words",
      description = "Match --must and --ban only as whole words: not next to a letter or digit.")
  boolean wholeWords;

  /** Returns what was asked for with these options, too. */
  Sampling of(Sampling sampling) {
    if (wholeWords && musts.isEmpty() && bans.isEmpty()) {
      throw new InputException(
          "--whole-words does nothing without --must and --ban", "Leave it out, or name a word.");
    }
    var rules = new ArrayList<TextRule>();
    if (pattern != null) {
      rules.add(TextRule.matching(pattern));
    }
    Function<String, TextRule> must = wholeWords ? TextRule::containingWord : TextRule::containing;
    musts.stream().map(must).forEach(rules::add);
    if (!bans.isEmpty()) {
      rules.add(wholeWords ? TextRule.withoutWords(bans) : TextRule.without(bans));
    }
    return sampling
        .withStops(stops)
        .withConstraint(rules.stream().reduce(TextRule::and).orElse(null));
  }
}
