package dev.unroll.task.lm;

import java.util.List;

/**
 * Finds where a text that is written piece by piece has to end: before the first of some texts that
 * occurs in it. Holds back what may be the beginning of one. For one thread.
 */
final class StopTexts {

  private final List<String> texts;

  /** What is not yet given out. */
  private final StringBuilder held = new StringBuilder();

  private boolean found;

  StopTexts(List<String> texts) {
    this.texts = texts;
  }

  /** Whether one of the texts has occurred: nothing more belongs to the text then. */
  boolean found() {
    return found;
  }

  /** Takes a piece, and returns what is certainly part of the text. */
  String add(String piece) {
    if (texts.isEmpty()) {
      return piece;
    }
    held.append(piece);
    int end = -1;
    for (String text : texts) {
      int place = held.indexOf(text);
      end = place >= 0 && (end < 0 || place < end) ? place : end;
    }
    found = end >= 0;
    int certain = found ? end : held.length() - open();
    String released = held.substring(0, certain);
    held.delete(0, found ? held.length() : certain);
    return released;
  }

  /** Returns what is left when no further piece comes. */
  String end() {
    String left = held.toString();
    held.setLength(0);
    return left;
  }

  /** The length of the longest end of the text with which one of the texts begins. */
  private int open() {
    int longest = 0;
    for (String text : texts) {
      for (int n = Math.min(text.length() - 1, held.length()); n > longest; n--) {
        if (text.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
