package dev.unroll.result;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a run understood of its data before training, so that a user sees at once if something was
 * not read as intended.
 *
 * @param facts what was found, as people read it, by name and in their order
 * @param values the same for programs: counts, lengths, and shares in [0, 1]
 * @param notes what may spoil the model, and what to try
 */
public record Overview(Map<String, String> facts, Map<String, Object> values, List<Note> notes) {

  /** From this share of {@code <UNK>} on, a model learns little of the text. */
  public static final double MANY_UNKNOWN = 0.3;

  /** Nothing is known. */
  public static final Overview NOTHING = new Overview(Map.of(), Map.of(), List.of());

  /**
   * Something that may spoil a model.
   *
   * @param problem what it is, and what it means
   * @param advice what to try; keys of options stand in braces, as in an {@link InputException}
   */
  public record Note(String problem, String advice) {

    /** Returns it as two lines, or one where nothing is advised. */
    public List<String> lines(UnaryOperator<String> option) {
      return said(text -> InputException.worded(text, option));
    }

    private List<String> said(UnaryOperator<String> wording) {
      String first = "note: " + problem;
      return advice.isEmpty() ? List.of(first) : List.of(first, "      " + wording.apply(advice));
    }
  }

  /** Copies the maps and the list. */
  public Overview {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    notes = List.copyOf(notes);
  }

  /** Returns the same with another fact at the end. */
  public Overview with(String name, String fact) {
    var more = new LinkedHashMap<>(facts);
    more.put(name, fact);
    return new Overview(more, values, notes);
  }

  /** Returns the same with another note at the end. */
  public Overview with(Note note) {
    var more = new ArrayList<>(notes);
    more.add(note);
    return new Overview(facts, values, more);
  }

  /** Returns whether so much of the validation part is {@code <UNK>} that little is learned. */
  public boolean isMostlyUnknown() {
    return values.entrySet().stream()
        .anyMatch(
            each ->
                each.getKey().startsWith("unknown")
                    && each.getValue() instanceof Double share
                    && share > MANY_UNKNOWN);
  }

  /**
   * Returns all as lines: facts in two columns, then notes.
   *
   * @param option how an option is called, by its key
   */
  public List<String> lines(UnaryOperator<String> option) {
    return said(note -> note.lines(option));
  }

  /** Returns the same with options as Java calls them. */
  public List<String> lines() {
    return said(note -> note.said(InputException::worded));
  }

  private List<String> said(Function<Note, List<String>> ofNote) {
    List<String> lines = columns();
    notes.forEach(note -> lines.addAll(ofNote.apply(note)));
    return lines;
  }

  private List<String> columns() {
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
    var lines = new ArrayList<String>();
    facts.forEach((name, fact) -> lines.add(name + " ".repeat(width - name.length()) + fact));
    return lines;
  }

  /** Returns the lines, with options as Java calls them. */
  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}
