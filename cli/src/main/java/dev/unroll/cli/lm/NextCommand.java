package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.WeightsOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.model.LanguageModel;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm next}: what comes next, with probabilities. */
@Command(
    name = "next",
    description = "Prints the likeliest next tokens or words after a text, with probabilities.",
    footer = {
      "",
      "Each output line has the probability and the token, separated by a tab; a blank line separates",
      "prompts. <EOS> is the end of the sentence, U+0020 a space.",
      "Examples:",
      "  unroll lm next news.safetensors 'the cats' --count 5",
      "  unroll lm next shakespeare.safetensors 'my noble l' --words",
    })
final class NextCommand extends UnrollCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PROMPT",
      description =
          "Texts to continue; - reads standard input and answers line by line. Default: the beginning"
              + " of a text.")
  List<String> prompts = List.of();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of tokens or words. Default: ${DEFAULT-VALUE}.")
  int count = 10;

  @Option(
      names = "--words",
      description =
          "Print whole words, even if a token is a character, a byte or part of a word."
              + " Punctuation before them is skipped, and a word that the prompt has begun is"
              + " completed.")
  boolean words;

  @Mixin WeightsOption weights = new WeightsOption();
  @Mixin GivenOption given = new GivenOption();
  @Mixin JsonOption json = new JsonOption();

  private boolean any;

  @Override
  public Integer call() throws IOException {
    if (count < 1) {
      throw new InputException("--count is " + count, "It must be at least 1.");
    }
    var answers = new Answers(json.form());
    LanguageModel opened = given.open(model, weights);
    for (String prompt : prompts.isEmpty() ? List.of("") : prompts) {
      if (prompt.equals("-")) {
        answerLines(opened, answers);
      } else {
        answer(opened, prompt, answers);
      }
    }
    return 0;
  }

  private void answerLines(LanguageModel opened, Answers answers) throws IOException {
    try (var lines = Lines.open(Path.of("-"))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        answer(opened, line, answers);
      }
    }
  }

  private void answer(LanguageModel opened, String prompt, Answers answers) {
    Unread.note(opened, prompt, err());
    var next = words ? opened.nextWords(prompt, count) : opened.next(prompt, count);
    if (answers.areAsked()) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("prompt", prompt);
      fields.put("next", next.stream().map(NextCommand::fields).toList());
      answers.print(out(), fields, next.stream().map(each -> row(prompt, each)).toList());
    } else {
      if (any) {
        out().println();
      }
      next.forEach(each -> out().println(line(each)));
    }
    any = true;
    out().flush();
  }

  private static Map<String, Object> row(String prompt, LanguageModel.Next next) {
    var row = new LinkedHashMap<String, Object>();
    row.put("prompt", prompt);
    row.putAll(fields(next));
    return row;
  }

  private static Map<String, Object> fields(LanguageModel.Next next) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("token", next.token());
    fields.put("probability", next.probability());
    return fields;
  }

  private static String line(LanguageModel.Next next) {
    return String.format(Locale.ROOT, "%.4f\t%s", next.probability(), Unread.shown(next.token()));
  }
}
