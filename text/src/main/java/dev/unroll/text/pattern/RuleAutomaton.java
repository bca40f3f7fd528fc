package dev.unroll.text.pattern;

import dev.unroll.base.InputException;
import dev.unroll.primitive.IntList;
import dev.unroll.result.Constraint;
import dev.unroll.text.TokenTexts;
import java.util.Arrays;
import java.util.Locale;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.ByteRunAutomaton;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RunAutomaton;

/**
 * An automaton over characters, read token by token. Its state is that of the automaton and the
 * context in which the next token is written. A state's tokens are found by walking through all
 * texts in their order, from what each shares with the one before, and past those that begin as one
 * that ended in no state.
 */
final class RuleAutomaton implements Constraint.TokenAutomaton {

  /** States times tokens, at most: some seconds. */
  private static final long MOST_STEPS = 4_000_000_000L;

  private static final Automaton CHARACTERS =
      Operations.repeat(
          Automata.makeCharClass(
              new int[] {0, Character.MAX_SURROGATE + 1},
              new int[] {Character.MIN_SURROGATE - 1, Character.MAX_CODE_POINT}));

  private final RunAutomaton units;
  private final TokenTexts texts;
  private final int contexts;

  /** The token that ends a text, {@link #NONE} where none does. */
  private final int end;

  /** Of each state, how many tokens at least lead to the end of a text. */
  private final int[] least;

  private RuleAutomaton(RunAutomaton units, TokenTexts texts, int end) {
    this.units = units;
    this.texts = texts;
    this.end = end;
    contexts = texts.contexts().size();
    least = new int[Math.multiplyExact(Math.max(1, units.getSize()), contexts)];
    Arrays.fill(least, NONE);
  }

  static RuleAutomaton of(String name, Automaton automaton, TokenTexts texts, int end) {
    var own =
        new RuleAutomaton(
            texts.bytes()
                ? new ByteRunAutomaton(trimmed(Operations.intersection(automaton, CHARACTERS)))
                : new CharacterRunAutomaton(automaton),
            texts,
            end);
    if (automaton.getNumStates() > 0) {
      own.findLeast(name);
    }
    return own;
  }

  private static Automaton trimmed(Automaton automaton) {
    return Operations.removeDeadStates(automaton);
  }

  /** Walks forward to all states, then backward from those where a text may end. */
  private void findLeast(String name) {
    int[][] after = new int[least.length][];
    var reached = new IntList();
    int[] foundFrom = new int[least.length]; // the last state from which one was found, plus 1
    foundFrom[0] = 1;
    reached.add(0);
    for (int i = 0; i < reached.size(); i++) {
      int state = reached.get(i);
      if ((i + 1L) * texts.contexts().getFirst().ids().length > MOST_STEPS) {
        throw new InputException(
            String.format(Locale.ROOT, "%s: more than %,d states with this vocabulary", name, i),
            "Make the pattern simpler, for instance with smaller numbers of repetitions.");
      }
      var own = new IntList();
      walk(
          state,
          (id, next) -> {
            if (foundFrom[next] == 0) {
              reached.add(next);
            }
            if (foundFrom[next] != state + 1) {
              foundFrom[next] = state + 1;
              own.add(next);
            }
          });
      after[state] = own.toArray();
    }
    measure(reached, before(reached, after));
  }

  /** Returns the states before each. */
  private static IntList[] before(IntList reached, int[][] after) {
    var before = new IntList[after.length];
    for (int i = 0; i < reached.size(); i++) {
      int state = reached.get(i);
      for (int next : after[state]) {
        if (before[next] == null) {
          before[next] = new IntList();
        }
        before[next].add(state);
      }
    }
    return before;
  }

  private void measure(IntList reached, IntList[] before) {
    var queue = new IntList();
    for (int i = 0; i < reached.size(); i++) {
      if (units.isAccept(reached.get(i) / contexts)) {
        least[reached.get(i)] = 0;
        queue.add(reached.get(i));
      }
    }
    for (int i = 0; i < queue.size(); i++) {
      int state = queue.get(i);
      IntList earlier = before[state];
      for (int j = 0; earlier != null && j < earlier.size(); j++) {
        if (least[earlier.get(j)] == NONE) {
          least[earlier.get(j)] = least[state] + 1;
          queue.add(earlier.get(j));
        }
      }
    }
  }

  /** Takes a token that may follow a state, and the state after it. */
  private interface Sink {
    void token(int id, int next);
  }

  private void walk(int state, Sink sink) {
    TokenTexts.Context context = texts.contexts().get(state % contexts);
    int[] path = new int[2];
    path[0] = state / contexts;
    int dead = Integer.MAX_VALUE; // units after which there was no state
    for (int i = 0; i < context.ids().length; i++) {
      int length = context.shared()[i];
      if (length >= dead) {
        continue;
      }
      dead = Integer.MAX_VALUE;
      int[] text = context.texts()[i];
      path = path.length > text.length ? path : Arrays.copyOf(path, 2 * text.length);
      for (; length < text.length && dead == Integer.MAX_VALUE; length++) {
        path[length + 1] = units.step(path[length], text[length]);
        dead = path[length + 1] < 0 ? length + 1 : dead;
      }
      if (dead == Integer.MAX_VALUE) {
        sink.token(context.ids()[i], path[length] * contexts + context.after()[i]);
      }
    }
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int least(int state) {
    return least[state];
  }

  @Override
  public int next(int state, int token) {
    int[] found = {NONE};
    walk(state, (id, next) -> found[0] = id == token ? next : found[0]);
    return found[0] >= 0 && least[found[0]] >= 0 ? found[0] : NONE;
  }

  @Override
  public boolean restrict(int state, int left, float[] logits) {
    float[] all = logits.clone();
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    boolean[] any = {false};
    walk(
        state,
        (id, next) -> {
          if (least[next] >= 0 && least[next] < left) {
            logits[id] = all[id];
            any[0] = true;
          }
        });
    if (end >= 0 && least[state] == 0) {
      logits[end] = all[end];
      any[0] = true;
    }
    return any[0];
  }
}
