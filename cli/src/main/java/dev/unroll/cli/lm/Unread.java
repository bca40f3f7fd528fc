package dev.unroll.cli.lm;

import dev.unroll.model.LanguageModel;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Names what a model does not know of a prompt, so that nobody wonders what it follows. */
final class Unread {

  /** Parts of a prompt that are named, at most. */
  private static final int NAMED = 10;

  private Unread() {}

  static void note(LanguageModel model, String prompt, PrintWriter err) {
    List<String> unread = model.unread(prompt);
    if (!unread.isEmpty()) {
      String named =
          unread.stream()
              .limit(NAMED)
              .map(part -> isVisible(part) ? "«" + part + "»" : shown(part))
              .collect(Collectors.joining(", "));
      String more = unread.size() > NAMED ? " and %,d more".formatted(unread.size() - NAMED) : "";
      err.println("note: the model does not know " + named + more + " of the prompt");
    }
  }

  /** Returns a text as it is; what cannot be seen is shown by its number. */
  static String shown(String part) {
    return isVisible(part)
        ? part
        : part.codePoints().mapToObj("U+%04X"::formatted).collect(Collectors.joining(" "));
  }

  private static boolean isVisible(String part) {
    return part.codePoints().noneMatch(c -> Character.isISOControl(c) || Character.isSpaceChar(c));
  }
}
