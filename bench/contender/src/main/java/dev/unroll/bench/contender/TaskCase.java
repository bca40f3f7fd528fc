package dev.unroll.bench.contender;

/**
 * The network of a task on all of {@link Sentences}, batch by batch. A run is one pass over them:
 *
 * <pre>{@code
 * TRAIN    a step for each batch: loss, gradients and their norm, an update (plain SGD, rate
 *          {@link #RATE}, of the mean loss over the batch's targets)
 * FORWARD  the answers: probabilities of labels; the likeliest tags (Viterbi); logits and the
 *          likeliest word, step by step, where each step reads the word that the target has, so
 *          that all contenders write the same
 * }</pre>
 *
 * @param work {@link Work#TRAIN} or {@link Work#FORWARD}
 * @param units H, units of each direction of each layer; the vectors of words are as wide
 * @param form how an engine that has a choice holds the sentences
 */
public record TaskCase(Work work, Task task, int units, Form form) implements Workload {

  /** Of gradient descent. */
  public static final float RATE = 0.1f;

  /** The request, before what {@link #parse} reads. */
  static final String REQUEST = "task";

  /** Reads what {@link #request} says after its first word. */
  static TaskCase parse(String line) {
    String[] part = line.trim().split(" ", -1);
    return new TaskCase(
        Work.valueOf(part[0]),
        Task.valueOf(part[1]),
        Integer.parseInt(part[2]),
        Form.valueOf(part[3]));
  }

  @Override
  public String request() {
    return "%s %s %s %d %s".formatted(REQUEST, work, task, units, form);
  }

  @Override
  public String kind() {
    return "tasks";
  }

  @Override
  public String title() {
    return "%s, H %d, V %,d".formatted(task.title(), units, task.vocabulary());
  }

  /**
   * Returns the number of words that one run handles. An encoder-decoder reads and writes the ends
   * of sentences, too.
   */
  public long words() {
    return (long) Sentences.allWords() + (task == Task.TRANSDUCE ? Sentences.count() : 0);
  }

  /** Training counts the forward product and two of the same size in the backward pass. */
  @Override
  public double operations() {
    double h = units;
    double encoder = 2 * 2 * 4 * h * (2 * h);
    double ofSentences = (work == Work.TRAIN ? 3 : 1) * (double) words();
    return switch (task) {
      case CLASSIFY -> ofSentences * encoder;
      case TAG -> ofSentences * (encoder + 2 * 2 * h * task.outputs());
      case TRANSDUCE -> {
        double key = 2 * h * (2 * h);
        double decoder = 2 * 4 * h * (3 * h);
        double attention = 2 * h * (3 * h);
        yield ofSentences * (encoder + key + decoder + attention + 2 * h * task.outputs());
      }
    };
  }
}
