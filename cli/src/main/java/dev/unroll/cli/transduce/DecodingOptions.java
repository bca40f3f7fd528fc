package dev.unroll.cli.transduce;

import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How targets are looked for. */
final class DecodingOptions {

  @Option(
      names = "--beam",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Keep the N best hypotheses at each step; 1 is greedy. Default: ${DEFAULT-VALUE}.")
  int beam = Decoding.BEAM.beam();

  @Option(
      names = "--length-power",
      paramLabel = "X",
      defaultValue = "0.6",
      description =
          "Length penalty of the beam search: log-probabilities are divided by ((5 + tokens)"
              + " / 6)^X, because otherwise the shortest answer wins (Wu et al. 2016); 0: none."
              + " Default: ${DEFAULT-VALUE}.")
  double lengthPower = Decoding.BEAM.lengthPower();

  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Maximum length of a target, in tokens. Default: 50 plus twice the length of the"
              + " source.")
  int longest;

  @Option(
      names = "--with",
      paramLabel = "MODEL",
      description =
          "Another model with the same vocabularies, for an ensemble that averages the"
              + " probabilities (repeatable). Models with different --seed suit well.")
  List<Path> others = List.of();

  @Option(
      names = "--copy",
      description =
          "Replace <UNK> with the source word of greatest attention weight: names and"
              + " numbers. For models of words with attention.")
  boolean copy;

  /** Opens all models that write together, the one named first at the front. */
  List<Transducer> models(Path model) {
    var models = new ArrayList<Transducer>();
    models.add(Transducer.open(model));
    others.forEach(each -> models.add(Transducer.open(each)));
    return models;
  }

  Decoding decoding(boolean attention) {
    return new Decoding(beam, lengthPower, longest, attention, copy);
  }
}
