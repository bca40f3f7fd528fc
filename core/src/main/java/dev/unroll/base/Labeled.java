package dev.unroll.base;

import java.util.Locale;
import java.util.Optional;

/** An enum whose constants have labels, by which files and the command line name them. */
public interface Labeled {

  /** Returns the name of the constant, such as {@code MACRO_F1}. */
  String name();

  /** Returns the name that files and the command line use, such as {@code macro-f1}. */
  default String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the constant with a label, if there is one. */
  static <E extends Labeled> Optional<E> find(E[] constants, String label) {
    for (E each : constants) {
      if (each.label().equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the constant with a label.
   *
   * @param problem what is wrong with a label that no constant has; the label is added to it
   * @param fix which labels there are
   * @throws InputException if there is none
   */
  static <E extends Labeled> E of(E[] constants, String label, String problem, String fix) {
    return find(constants, label).orElseThrow(() -> new InputException(problem + label, fix));
  }
}
