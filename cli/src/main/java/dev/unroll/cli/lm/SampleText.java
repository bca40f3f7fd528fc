package dev.unroll.cli.lm;

import dev.unroll.data.Detokenizer;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.task.lm.TokenModel;
import java.io.PrintWriter;

/** Prints a text while it is drawn, and keeps nothing of it. */
final class SampleText implements TokenModel.TokenSink {

  /** After so many nanoseconds what was drawn is shown, without waiting for more. */
  private static final long PATIENCE = 50_000_000;

  private final PrintWriter out;
  private final Detokenizer detokenizer;
  private final int end;
  private boolean ends;
  private long shown = System.nanoTime();

  SampleText(PrintWriter out, LanguageModel model, String prompt) {
    this.out = out;
    detokenizer = model.tokenizer().detokenizer(prompt);
    end = model.tokenizer().endOfSentence();
    out.print(prompt);
  }

  @Override
  public void token(int id, double logProbability) {
    if (ends) {
      out.print(detokenizer.add(end)); // only now: the last one is not written
    }
    ends = id == end;
    if (!ends) {
      out.print(detokenizer.add(id));
    }
    long now = System.nanoTime();
    if (now - shown > PATIENCE) {
      out.flush();
      shown = now;
    }
  }

  /** Ends the text. */
  void end() {
    out.println(detokenizer.end());
  }
}
