package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.result.Model;
import dev.unroll.text.Encoding;
import dev.unroll.text.Lines;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** In what encoding texts are that have no mark of it. */
@KeptInModel
public final class EncodingOption {

  private static final String NAME = "--encoding";

  @Option(
      names = NAME,
      paramLabel = "NAME",
      converter = Converter.class,
      description =
          "Encoding of texts, such as windows-1252 or Shift_JIS. A byte order mark is recognized."
              + " Default: UTF-8, or as in training.")
  @Nullable Encoding encoding;

  /** Finds an encoding by its name. */
  static final class Converter implements ITypeConverter<Encoding> {
    @Override
    public Encoding convert(String name) {
      try {
        return Encoding.of(name);
      } catch (InputException e) {
        throw new TypeConversionException(e.problem() + ". " + e.fix());
      }
    }
  }

  /** Runs a command that was parsed, with the encoding that it was given. */
  public static <T extends @Nullable Object> T reading(ParseResult parsed, Supplier<T> command) {
    ParseResult own = parsed;
    while (own.hasSubcommand()) {
      own = own.subcommand();
    }
    Encoding named = own.matchedOptionValue(NAME, null);
    return named == null ? command.get() : Lines.inEncoding(named, command);
  }

  /**
   * Runs something that reads texts for a model: as asked for, or as in its training.
   *
   * @param model a model, or several in a list; null for none
   */
  public <T extends @Nullable Object> T reading(@Nullable Object model, Supplier<T> reader) {
    Encoding named = encoding;
    if (named != null) {
      return Lines.inEncoding(named, reader);
    }
    String trained = provenance(model).text(Encoding.KEPT);
    return trained.isEmpty()
        ? reader.get()
        : Lines.inRememberedEncoding(Encoding.of(trained), reader);
  }

  private static Provenance provenance(@Nullable Object model) {
    if (model instanceof List<?> several && !several.isEmpty()) {
      return provenance(several.getFirst());
    }
    return model instanceof Model own ? own.provenance() : Provenance.NONE;
  }
}
