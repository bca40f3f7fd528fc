package dev.unroll.bench.unroll;

import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.model.LanguageStream;
import dev.unroll.result.Sampling;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.Sampler;

/** A language model that reads a token, computes all logits and draws the next token. */
final class TokenStreamCase implements Contender.Prepared {

  private final Case work;
  private final LanguageStream stream;
  private final Sampler sampler;
  private int token;
  private int step;

  TokenStreamCase(Case work) {
    this.work = work;
    var network = new LanguageNetwork(CaseNetwork.network(work), work.vocabulary());
    float[] parameters = CaseNetwork.parameters(network.slices(), network.size(), work);
    stream = new LanguageStream(network, network.pack(parameters, Workers.single()));
    sampler = new Sampler(Sampling.defaults(), 0);
  }

  @Override
  public double[] numbers() {
    for (int id : Numbers.tokens(Kind.INPUT_TOKEN, 3, work.vocabulary())) {
      stream.read(id);
    }
    float[] logits = stream.logits();
    return new double[] {Numbers.checkSum(logits), Numbers.norm(logits)};
  }

  @Override
  public void run() {
    stream.read(token);
    token = sampler.draw(stream.logits(), 0, step++);
  }
}
