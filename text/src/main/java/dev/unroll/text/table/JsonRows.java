package dev.unroll.text.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import dev.unroll.base.InputException;
import dev.unroll.file.Held;
import dev.unroll.file.SafeFiles;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Objects of JSON as rows of a table, below a header that has the names of their members: one
 * object per line (JSON Lines), or an array of objects. A member of an object within is {@code
 * name.member}, and the elements of an array stand together in a field, each after {@link
 * #ELEMENT}.
 *
 * <p>Objects wait until all names that are wanted are among those of the objects so far, or until
 * there are no more objects; members that only later objects have are left out.
 */
final class JsonRows {

  /** Stands before each element of an array (a unit separator, which is in no text). */
  static final String ELEMENT = "\u001F";

  /** Stands for an element that is an object or an array (a group separator). */
  static final String OBJECT = "\u001D";

  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

  private static final String FIX =
      "Write an object per line, such as {\"text\": \"Not bad.\", \"label\": \"good\"}, or an array of them.";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(100).maxNameLength(10_000).build())
          .build();

  private final String file;
  private final Predicate<Set<String>> enough;
  private final Consumer<Table.Row> reader;
  private final Set<String> names = new LinkedHashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Held held;
  private boolean begun;

  /** An object that was read before the header is known. */
  private record Waiting(Map<String, String> members, long line) {}

  /**
   * Waits for objects.
   *
   * @param file what messages call the file
   * @param wanted names to wait for; none for those of the first object
   * @param reader receives the header, then a row for each object
   */
  JsonRows(String file, Set<String> wanted, Consumer<Table.Row> reader) {
    this(file, known -> known.containsAll(wanted), reader);
  }

  private JsonRows(String file, Predicate<Set<String>> enough, Consumer<Table.Row> reader) {
    this.file = file;
    this.enough = enough;
    this.reader = reader;
    held = new Held(file, "");
  }

  /** Returns whether a field is an array. */
  static boolean isArray(String field) {
    return field.startsWith(ELEMENT);
  }

  /** Returns the elements of a field that is an array. */
  static List<String> elements(String array) {
    return array.equals(ELEMENT) ? List.of() : List.of(array.substring(1).split(ELEMENT, -1));
  }

  /** Returns a field as a text; the elements of an array are tokens. */
  static String text(String field) {
    return isArray(field) ? field.replace(OBJECT, "").replace(ELEMENT, " ").strip() : field;
  }

  /**
   * Returns a field of a row as a text.
   *
   * @throws InputException if it is an array of objects, or of arrays
   */
  static String text(Table.Row row, int place) {
    checkNoObjects(row, place);
    return text(row.fields().get(place));
  }

  /** Refuses an array of objects, or of arrays. */
  static void checkNoObjects(Table.Row row, int place) {
    if (row.fields().get(place).contains(ELEMENT + OBJECT)) {
      throw row.error(
          "an array of objects or arrays, where a text or an array of texts is wanted",
          "Write an array such as [\"not\", \"bad\"].");
    }
  }

  /** Returns whether a field is an array whose elements are objects, or arrays. */
  private static boolean hasObjects(String field) {
    return !field.isEmpty() && field.replace(ELEMENT + OBJECT, "").isEmpty();
  }

  /**
   * Shows the objects of a file as rows, as soon as each is read.
   *
   * @param wanted names that objects wait for; none for those of the first
   * @throws InputException if something is not an object
   */
  static void forEach(Path file, Set<String> wanted, Consumer<Table.Row> reader) {
    new JsonRows(Lines.nameOf(file), wanted, reader).read(file);
  }

  /**
   * Does the same.
   *
   * @param enough whether the objects so far have all names that are wanted
   */
  static void forEach(Path file, Predicate<Set<String>> enough, Consumer<Table.Row> reader) {
    new JsonRows(Lines.nameOf(file), enough, reader).read(file);
  }

  /**
   * Shows the same after a row of the names of all objects, for which the file is read twice; what
   * can be read once has only those of the first that have all names that are wanted.
   */
  static void forEachWhole(Path file, Predicate<Set<String>> enough, Consumer<Table.Row> reader) {
    var rows = new JsonRows(Lines.nameOf(file), enough, reader);
    if (Files.isRegularFile(file)) {
      read(file, (members, line) -> rows.names.addAll(members.keySet()));
    }
    rows.read(file);
  }

  /**
   * Returns the objects of a file as rows, after a row of the names of all.
   *
   * @throws InputException if there is none
   */
  static List<Table.Row> all(Path file) {
    var rows = new ArrayList<Table.Row>();
    new JsonRows(Lines.nameOf(file), known -> false, rows::add).read(file);
    if (rows.isEmpty()) {
      throw InputException.in(
          file, "there is no object in it", "Write one in each line, or an array of them.");
    }
    return rows;
  }

  private void read(Path from) {
    read(from, this::accept);
    end();
  }

  private static void read(Path file, ObjLongConsumer<Map<String, String>> reader) {
    try (var lines = Lines.open(file)) {
      var in = new LinesReader(Lines.nameOf(file), lines);
      ObjectParser.read(
          in.name(),
          in,
          (members, line) -> {
            in.beginRow();
            reader.accept(members, line);
          });
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
    }
  }

  /** Receives an object. */
  void accept(Map<String, String> members, long line) {
    if (begun) {
      reader.accept(row(members, line));
      return;
    }
    names.addAll(members.keySet());
    held.add(members.values().stream().mapToLong(each -> 2L * Held.OBJECT + each.length()).sum());
    waiting.add(new Waiting(members, line));
    if (enough.test(names)) {
      begin();
    }
  }

  /** All objects were read. */
  void end() {
    if (!begun && !waiting.isEmpty()) {
      begin();
    }
  }

  private void begin() {
    begun = true;
    Waiting first = waiting.getFirst();
    try {
      reader.accept(new Table.Row(file, first.line, List.copyOf(names)));
    } catch (InputException e) {
      throw new InputException(e.problem(), e.fix() + rowsWithin(first.members));
    }
    waiting.forEach(each -> reader.accept(row(each.members, each.line)));
    waiting.clear();
  }

  private Table.Row row(Map<String, String> members, long line) {
    return new Table.Row(
        file, line, names.stream().map(name -> members.getOrDefault(name, "")).toList());
  }

  /** Says which member has objects that are probably the rows; empty where none has. */
  private String rowsWithin(Map<String, String> members) {
    for (Map.Entry<String, String> member : members.entrySet()) {
      if (hasObjects(member.getValue())) {
        String name = member.getKey();
        String how = PLAIN_PATH.matcher(name).matches() ? ": jq ." + name + " " + file : ".";
        return " If the rows are the objects in «" + name + "», write that array alone" + how;
      }
    }
    return "";
  }

  /** Reads objects, one after another. */
  private static final class ObjectParser {
    private final String name;
    private final JsonParser in;
    private final ObjLongConsumer<Map<String, String>> reader;

    private ObjectParser(String name, JsonParser in, ObjLongConsumer<Map<String, String>> reader) {
      this.name = name;
      this.in = in;
      this.reader = reader;
    }

    /** Shows the members of each object as soon as it is read, with its line. */
    static void read(String name, Reader in, ObjLongConsumer<Map<String, String>> reader) {
      try (var parser = JSON.createParser(in)) {
        var objects = new ObjectParser(name, parser, reader);
        try {
          objects.read();
        } catch (StreamReadException e) {
          long line = e.getLocation() == null ? objects.line() : e.getLocation().getLineNr();
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
          elements.add(OBJECT);
        } else {
          elements.add(
              token == JsonToken.VALUE_NULL
                  ? ""
                  : in.getText().replace(ELEMENT, " ").replace(OBJECT, " "));
        }
      }
      return elements.toString();
    }
  }
}
