package dev.unroll.text.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ObjLongConsumer;

/**
 * Objects of JSON as rows of a table: one object per line (JSON Lines), or an array of objects. A
 * member of an object within is {@code name.member}, and the elements of an array stand together in
 * a field, each after {@link #ELEMENT}.
 */
final class JsonRows {

  /** Stands before each element of an array (a unit separator, which is in no text). */
  static final String ELEMENT = "\u001F";

  private static final String FIX =
      "Write an object per line, such as {\"text\": \"Not bad.\", \"label\": \"good\"}, or an array of them.";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(100).maxNameLength(10_000).build())
          .build();

  private final String name;
  private final JsonParser in;
  private final ObjLongConsumer<Map<String, String>> reader;

  private JsonRows(String name, JsonParser in, ObjLongConsumer<Map<String, String>> reader) {
    this.name = name;
    this.in = in;
    this.reader = reader;
  }

  /**
   * Shows the members of each object as soon as it is read, with its line.
   *
   * @throws InputException if something is not an object
   */
  static void forEach(String name, Reader in, ObjLongConsumer<Map<String, String>> reader) {
    try (var parser = JSON.createParser(in)) {
      var rows = new JsonRows(name, parser, reader);
      try {
        rows.read();
      } catch (StreamReadException e) {
        long line = e.getLocation() == null ? rows.line() : e.getLocation().getLineNr();
        throw InputException.at(
            name,
            line,
            "this is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""),
            FIX);
      }
    } catch (IOException e) {
      throw new InputException(name + ": cannot be read: " + e.getMessage(), "Check the file.");
    }
  }

  private void read() throws IOException {
    boolean array = false;
    for (var token = in.nextToken(); token != null; token = in.nextToken()) {
      switch (token) {
        case START_OBJECT -> row();
        case START_ARRAY -> {
          if (array) {
            throw error("an array within the array of objects");
          }
          array = true;
        }
        case END_ARRAY -> array = false;
        default -> throw error("«" + in.getText() + "» is not an object");
      }
    }
  }

  private InputException error(String problem) {
    return InputException.at(name, line(), problem, FIX);
  }

  private long line() {
    return Math.max(1, in.currentTokenLocation().getLineNr());
  }

  private void row() throws IOException {
    long line = line();
    var members = new LinkedHashMap<String, String>();
    object("", members);
    reader.accept(members, line);
  }

  private void object(String path, Map<String, String> members) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String own = path + in.currentName();
      switch (in.nextToken()) {
        case START_OBJECT -> object(own + ".", members);
        case START_ARRAY -> members.put(own, array());
        case VALUE_NULL -> members.put(own, "");
        default -> members.put(own, in.getText());
      }
    }
  }

  private String array() throws IOException {
    var elements = new StringJoiner(ELEMENT, ELEMENT, "");
    for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        in.skipChildren(); // nothing that a column can hold
        elements.add("");
      } else {
        elements.add(in.getText().replace(ELEMENT, " "));
      }
    }
    return elements.toString();
  }
}
