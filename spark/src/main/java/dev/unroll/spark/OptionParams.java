package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.cli.Main;
import dev.unroll.cli.option.KeptOptions;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of {@code unroll TASK train} as parameters of Spark ML: all that decide a model, with
 * the types, defaults and descriptions that they have there. What is {@code --validate-every} is
 * {@code validateEvery} here; what may have several values has them in one string, with commas.
 */
final class OptionParams {

  /** Options that decide no bit of a model, and are of use here, too. */
  private static final Set<String> FURTHER =
      Set.of("--threads", "--checkpoint-every", "--checkpoints", "--valid-share");

  /** Options of files, which the rows are written to as it suits the command. */
  private static final Set<String> OF_FILES = Set.of("--encoding");

  /** The parameter that names the model that is trained further. */
  static final String PARENT = "fromModel";

  private static final Map<String, List<OptionSpec>> OPTIONS = new ConcurrentHashMap<>();

  private final Map<Param<?>, OptionSpec> options = new LinkedHashMap<>();

  /**
   * Creates the parameters of an estimator.
   *
   * @param without options that the estimator decides itself, such as those that name columns
   */
  OptionParams(Identifiable owner, String task, Set<String> without) {
    for (OptionSpec option : OPTIONS.computeIfAbsent(task, OptionParams::of)) {
      if (!without.contains(option.longestName())) {
        options.put(param(owner, option), option);
      }
    }
  }

  private static List<OptionSpec> of(String task) {
    var silent = new PrintWriter(Writer.nullWriter());
    CommandLine all = Main.commandLine(silent, silent, task, "train");
    CommandLine own = Objects.requireNonNull(all.getSubcommands().get(task));
    return Objects.requireNonNull(own.getSubcommands().get("train"))
        .getCommandSpec()
        .options()
        .stream()
        .filter(option -> !option.hidden() && !OF_FILES.contains(option.longestName()))
        .filter(
            option ->
                (KeptOptions.isKept(option) && !isFiles(option))
                    || FURTHER.contains(option.longestName()))
        .toList();
  }

  /** Whether an option names the data, which are the rows here. */
  private static boolean isFiles(OptionSpec option) {
    return option.isMultiValue() && KeptOptions.isPath(option);
  }

  private static Param<?> param(Identifiable owner, OptionSpec option) {
    String name = name(option.longestName());
    String description = String.join(" ", option.description()).replace("%n", " ");
    Class<?> type = option.type();
    if (type == int.class || type == Integer.class) {
      return new IntParam(owner, name, description);
    }
    if (type == long.class || type == Long.class) {
      return new LongParam(owner, name, description);
    }
    if (type == double.class || type == Double.class) {
      return new DoubleParam(owner, name, description);
    }
    if (type == boolean.class || type == Boolean.class) {
      return new BooleanParam(owner, name, description);
    }
    return new Param<String>(owner, name, description);
  }

  /**
   * Returns {@code validateEvery} of {@code --validate-every}, and {@code fromModel} of {@code
   * --from}, which is a keyword of Python.
   */
  private static String name(String option) {
    if (option.equals("--from")) {
      return PARENT;
    }
    var name = new StringBuilder();
    boolean upper = false;
    for (char c : option.substring(2).toCharArray()) {
      if (c == '-') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.toString();
  }

  /**
   * Returns a value as its parameter has it: a list of numbers as a text, with commas.
   *
   * @throws InputException if the parameter has no such values
   */
  static Object value(Param<?> param, @Nullable Object value) {
    Object found = found(param, value);
    if (found == null) {
      String what = value == null ? "null" : value.getClass().getSimpleName() + " " + value;
      throw new InputException(param.name() + " is " + what, "It must be " + kind(param) + ".");
    }
    return found;
  }

  private static @Nullable Object found(Param<?> param, @Nullable Object value) {
    if (param instanceof BooleanParam) {
      return value instanceof Boolean ? value : null;
    }
    if (!isNumber(param)) {
      return value == null ? null : text(value);
    }
    if (!(value instanceof Number number)) {
      return null;
    }
    if (param instanceof DoubleParam) {
      return number.doubleValue();
    }
    long whole = number.longValue();
    boolean fits = param instanceof LongParam || whole == (int) whole;
    if (whole != number.doubleValue() || !fits) {
      return null;
    }
    return param instanceof LongParam ? (Object) whole : (Object) (int) whole;
  }

  private static boolean isNumber(Param<?> param) {
    return param instanceof DoubleParam || param instanceof LongParam || param instanceof IntParam;
  }

  private static String kind(Param<?> param) {
    if (param instanceof BooleanParam) {
      return "true or false";
    }
    return !isNumber(param)
        ? "a text"
        : param instanceof DoubleParam ? "a number" : "a whole number";
  }

  private static String text(Object value) {
    if (value instanceof Iterable<?> several) {
      return StreamSupport.stream(several.spliterator(), false)
          .map(String::valueOf)
          .collect(Collectors.joining(","));
    }
    if (value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(i -> String.valueOf(Array.get(value, i)))
          .collect(Collectors.joining(","));
    }
    return String.valueOf(value);
  }

  /** Returns the parameters, in the order of the help. */
  List<Param<?>> all() {
    return List.copyOf(options.keySet());
  }

  /**
   * Returns a parameter.
   *
   * @throws InputException if there is none of that name
   */
  Param<?> named(String name) {
    return options.keySet().stream()
        .filter(param -> param.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "there is no parameter " + name,
                    "Take one of " + options.keySet().stream().map(Param::name).toList() + "."));
  }

  /** Where the values of parameters are. */
  @FunctionalInterface
  interface Values {
    @Nullable Object of(Param<?> param);
  }

  /** Returns the arguments of the command for the values that are set. */
  List<String> arguments(Values values) {
    var arguments = new ArrayList<String>();
    options.forEach(
        (param, option) -> {
          Object value = values.of(param);
          if (value != null && option.arity().max() > 0) {
            arguments.add(option.longestName() + "=" + value);
          } else if (value instanceof Boolean said && (said || option.negatable())) {
            arguments.add(KeptOptions.flag(option, said));
          }
        });
    return arguments;
  }
}
