package dev.unroll.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a shell as the commands in the documentation need: quotes, comments, and a text that
 * {@code echo} or {@code printf} pipes into {@code ./unroll}. As a program it runs all commands of
 * a file, in one JVM.
 */
final class DocsShell {

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\|)|([^\\s'\"|]+)");

  private DocsShell() {}

  /**
   * Runs the commands of a file in the current folder, and ends with the status of the first that
   * fails.
   */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    for (String command : Files.readAllLines(Path.of(args[0]))) {
      System.out.println("$ " + command);
      int status = run(words(command));
      if (status != 0) {
        System.exit(status);
      }
    }
  }

  private static int run(List<String> words) {
    int pipe = words.indexOf("|");
    if (pipe >= 0) {
      String input =
          words.get(1).replace("\\n", "\n") + (words.getFirst().equals("echo") ? "\n" : "");
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }
    String[] args = words.subList(pipe + 2, words.size()).toArray(String[]::new);
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), args)
            .execute(args);
    System.out.println(out);
    System.out.println(err);
    return status;
  }

  /** Returns the words of a line up to its comment; a bar stands for itself. */
  static List<String> words(String line) {
    var words = new ArrayList<String>();
    Matcher word = WORD.matcher(line);
    int end = 0;
    while (word.find()) {
      String text = line.substring(word.start(), word.end()).replaceAll("^['\"]|['\"]$", "");
      if (text.startsWith("#") && word.group(4) != null) {
        break;
      }
      if (word.start() > end || words.isEmpty() || word.group(3) != null) {
        words.add(text);
      } else {
        words.add(words.removeLast() + text);
      }
      end = word.end();
    }
    return words;
  }
}
