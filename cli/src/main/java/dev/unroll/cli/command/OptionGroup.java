package dev.unroll.cli.command;

import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.FineTuningOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.SearchOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/** The headings under which the options of {@code train} stand in its help. */
enum OptionGroup {
  SEARCH("Search", "--search --trials --seeds", ""),
  DATA(
      "Data",
      // the essentials: what a first training may need, in the order of the help
      """
      --unit --source-unit --target-unit --reading --vocabulary --given-column
      --text --label --several --value --words --tags --source --target
      --time --series --known --calendar --context --horizon --valid
      """,
      ""),
  NETWORK(
      "Network",
      """
      --cell --units --encoder-units --embedding --vectors --spelling --direction --attention
      --head --relative --crf --pooling --tied --layer-norm --dropout
      """,
      """
      --adaptive-softmax --each --segment --recursive --quantiles --scheme --column-width
      --spelling-embedding --freeze-vectors --no-input-feeding --given-at
      --no-ngrams --no-counts --no-shrinkage
      """),
  TRAINING(
      "Training",
      """
      --preset --epochs --rate --batch --steps --patience --measure --seed --from --resume --find-rate
      """,
      """
      --class-weights --random-steps --reset-states --checkpoint-steps --sampled-softmax
      --activation-penalty --temporal-penalty
      --scheduled-sampling --cross-validate --stride --seeds
      """),
  OUTPUT(
      "Output",
      "--out --metrics --plot --config --dry-run --quiet",
      "--ids --checkpoints --checkpoint-every --verbose --color --force");

  private final String title;
  private final String essential;
  private final String further;

  OptionGroup(String title, String essential, String further) {
    this.title = title;
    this.essential = essential;
    this.further = further;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  /** Returns the heading. */
  String title() {
    return title;
  }

  /** Returns the group of an option: that which names it, else that of the class it stands in. */
  static OptionGroup of(OptionSpec option) {
    if (owner(option) == SearchOptions.class) {
      return SEARCH;
    }
    String name = option.longestName();
    return Stream.of(DATA, NETWORK, TRAINING, OUTPUT)
        .filter(
            group -> words(group.essential).contains(name) || words(group.further).contains(name))
        .findFirst()
        .orElseGet(() -> byOwner(option));
  }

  private static OptionGroup byOwner(OptionSpec option) {
    Class<?> owner = owner(option);
    if (owner == NetworkOptions.class) {
      return NETWORK;
    }
    boolean trains =
        List.of(
                TrainingOptions.class,
                FineTuningOptions.class,
                CheckpointOptions.class,
                ThreadOption.class)
            .contains(owner);
    return trains ? TRAINING : DATA;
  }

  private static Class<?> owner(OptionSpec option) {
    return option.userObject() instanceof Field field ? field.getDeclaringClass() : Object.class;
  }

  /** Returns those of some options that stand under this heading, the essential ones first. */
  List<OptionSpec> of(List<OptionSpec> options, boolean all) {
    List<String> named = words(essential);
    Stream<OptionSpec> first =
        named.stream()
            .flatMap(name -> options.stream().filter(each -> each.longestName().equals(name)))
            .filter(each -> of(each) == this);
    Stream<OptionSpec> others =
        options.stream().filter(each -> of(each) == this && !named.contains(each.longestName()));
    return (all ? Stream.concat(first, others) : first).toList();
  }
}
