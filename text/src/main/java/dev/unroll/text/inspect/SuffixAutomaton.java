package dev.unroll.text.inspect;

import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;

/**
 * The smallest automaton that reads every part of a sequence (Blumer et al. 1985). A long text that
 * is read through it once shows for each part whether it occurs in that text, in memory that grows
 * with the sequence alone.
 */
final class SuffixAutomaton {

  private static final int NONE = -1;

  private final LongIntMap next = new LongIntMap();

  /** Of each state, the length of its longest part, and the state of the longest shorter suffix. */
  private final IntList length = IntList.of(0);

  private final IntList link = IntList.of(NONE);

  /** Of each state, its last symbol in a chain: the symbol, and the place of the one before. */
  private final IntList lastSymbol = IntList.of(NONE);

  private final IntList symbols = new IntList();
  private final IntList symbolBefore = new IntList();

  /** The state after each symbol of the sequence. */
  private final IntList ends = new IntList();

  /** Of each state, the longest part that the text has been found to have. */
  private int[] found = {};

  private int state;
  private int matched;

  /** Adds a symbol, 0 or more, to the sequence. */
  void add(int symbol) {
    int last = ends.size() == 0 ? 0 : ends.get(ends.size() - 1);
    int added = newState(length.get(last) + 1, 0);
    int from = last;
    while (from != NONE && after(from, symbol) == NONE) {
      connect(from, symbol, added);
      from = link.get(from);
    }
    if (from != NONE) {
      int to = after(from, symbol);
      link.set(added, length.get(from) + 1 == length.get(to) ? to : split(from, symbol, to));
    }
    ends.add(added);
  }

  /** Gives the parts that end at {@code to} and are not longer than by a symbol a state. */
  private int split(int before, int symbol, int to) {
    int copy = newState(length.get(before) + 1, link.get(to));
    for (int at = lastSymbol.get(to); at != NONE; at = symbolBefore.get(at)) {
      connect(copy, symbols.get(at), after(to, symbols.get(at)));
    }
    for (int from = before; from != NONE && after(from, symbol) == to; from = link.get(from)) {
      next.put(key(from, symbol), copy);
    }
    link.set(to, copy);
    return copy;
  }

  private int newState(int ownLength, int ownLink) {
    length.add(ownLength);
    link.add(ownLink);
    lastSymbol.add(NONE);
    return length.size() - 1;
  }

  private void connect(int from, int symbol, int to) {
    next.put(key(from, symbol), to);
    symbols.add(symbol);
    symbolBefore.add(lastSymbol.get(from));
    lastSymbol.set(from, symbols.size() - 1);
  }

  private int after(int from, int symbol) {
    return next.get(key(from, symbol));
  }

  private static long key(int state, int symbol) {
    return (long) state << 32 | symbol;
  }

  /** Reads a symbol of the text; a negative one is none of the sequence. */
  void read(int symbol) {
    if (found.length < length.size()) {
      found = new int[length.size()];
    }
    int to = symbol < 0 ? NONE : after(state, symbol);
    while (to == NONE && symbol >= 0 && state != 0) {
      state = link.get(state);
      matched = length.get(state);
      to = after(state, symbol);
    }
    state = to == NONE ? 0 : to;
    matched = to == NONE ? 0 : matched + 1;
    found[state] = Math.max(found[state], matched);
  }

  /**
   * Returns of each symbol of the sequence how many, with it as the last, occur together in the
   * text that was read.
   */
  int[] matches() {
    boolean[] whole = new boolean[length.size()]; // whether a longer part was found
    int[] longest = new int[length.size()];
    Integer[] order = new Integer[length.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    java.util.Arrays.sort(order, (a, b) -> Integer.compare(length.get(b), length.get(a)));
    for (int each : order) {
      int own = found.length == 0 ? 0 : found[each];
      longest[each] = whole[each] ? length.get(each) : own;
      if (longest[each] > 0 && link.get(each) > 0) {
        whole[link.get(each)] = true;
      }
    }
    int[] matches = new int[ends.size()];
    for (int i = 0; i < matches.length; i++) {
      int at = ends.get(i);
      while (at > 0 && longest[at] == 0) {
        at = link.get(at);
      }
      matches[i] = at > 0 ? longest[at] : 0;
    }
    return matches;
  }
}
