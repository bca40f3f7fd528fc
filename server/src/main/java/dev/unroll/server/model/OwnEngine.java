package dev.unroll.server.model;

import dev.unroll.base.Workers;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.SentenceScore;
import java.util.List;

/**
 * The model itself; batches are what uses several threads, so that each call uses one.
 *
 * @param model the model
 */
public record OwnEngine(Model model) implements Engine {

  @Override
  public List<Classification> classify(List<String> texts) {
    return ((Classifier) model).classify(texts, Workers.single());
  }

  @Override
  public List<SentenceScore> score(List<String> texts) {
    return ((LanguageModel) model).score(texts, Workers.single());
  }

  @Override
  public Continuation continuation() {
    return new OwnContinuation((LanguageModel) model);
  }

  private static final class OwnContinuation implements Continuation {

    private final LanguageModel model;
    private final LanguageBatch batch;

    OwnContinuation(LanguageModel model) {
      this.model = model;
      batch = new LanguageBatch(model);
    }

    @Override
    public NetworkState start() {
      return model.start();
    }

    @Override
    public List<NetworkState> read(List<NetworkState> states, List<int[]> tokens) {
      return batch.read(states, tokens);
    }

    @Override
    public float[][] logits(List<NetworkState> states) {
      return batch.logits(states);
    }
  }
}
