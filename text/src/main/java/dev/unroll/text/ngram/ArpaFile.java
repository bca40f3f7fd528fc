package dev.unroll.text.ngram;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.text.Lines;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * N-gram models in the ARPA format, which SRILM, KenLM and IRSTLM read and write: for each length a
 * section with the n-grams, log₁₀ of their probabilities, and of their weights as contexts.
 *
 * <p>White space within a token is written as {@code <U+20>} and the like. Files written here have
 * two lines before the format's first that hold the tokenizer and what the model was created from;
 * they begin with #, so that other readers, including KenLM, skip them. A file without the first is
 * read as tokens between white space.
 */
public final class ArpaFile {

  /** The line of the tokenizer holds the vocabulary. */
  private static final long LONGEST =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, 1 << 24, 100_000_000);

  private ArpaFile() {}

  /**
   * Writes a model to a file beside it, which is synced, then renamed.
   *
   * @param provenance what it was created from: data, options, version
   */
  public static void write(NgramModel model, Map<String, Object> provenance, Path file) {
    SafeFiles.replace(
        file,
        channel -> {
          var out =
              new BufferedWriter(
                  new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8),
                  1 << 16);
          out.write(ArpaFormat.TOKENIZER + Json.write(model.tokenizer().describe()) + "\n");
          out.write(ArpaFormat.PROVENANCE + Json.write(provenance) + "\n");
          ArpaWriter.write(model, out);
          out.flush();
        });
  }

  /**
   * Returns what a model was created from, as its file says; nothing where another program wrote
   * it.
   *
   * @throws InputException if the file cannot be read
   */
  public static Map<String, Object> provenance(Path file) {
    try (Lines lines = Lines.open(file, LONGEST)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.startsWith(ArpaFormat.PROVENANCE)) {
          return Json.parse(line.substring(ArpaFormat.PROVENANCE.length())).asMap();
        }
        if (line.equals(ArpaFormat.DATA)) {
          break;
        }
      }
      return Map.of();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (JsonException e) {
      throw InputException.in(
          file, "the line of its provenance is damaged: " + e.getMessage(), "Create it again.");
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    return InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
  }

  /**
   * Reads a model, with the tokenizer that the file names, or otherwise as tokens between white
   * space.
   */
  public static NgramModel read(Path file) {
    return read(file, null);
  }

  /**
   * Reads a model for an existing tokenizer; n-grams with words that it does not have are left out.
   *
   * @throws InputException if the file is not in the format
   */
  public static NgramModel read(Path file, @Nullable Tokenizer tokenizer) {
    try (Lines lines = Lines.open(file, LONGEST)) {
      return new ArpaReader(file, lines, tokenizer).read();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
