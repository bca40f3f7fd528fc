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
          "Keep the N best beginnings at each step; 1 takes the likeliest token always. Default:"
              + " ${DEFAULT-VALUE}.")
  int beam = Decoding.BEAM.beam();

  @Option(
      names = "--length-power",
      paramLabel = "X",
      defaultValue = "0.6",
      description =
          "Divide log-probabilities by ((5 + tokens) / 6)^X before they are compared (Wu et al. 2016),"
              + " since otherwise the shortest wins; 0: do not. Default: ${DEFAULT-VALUE}.")
  double lengthPower = Decoding.BEAM.lengthPower();

  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most tokens of a target. Default: twice those of its source, and 50.")
  int longest;

  @Option(
      names = "--with",
      paramLabel = "MODEL",
      description =
          "A further model of the same vocabularies, such as one trained with another --seed (repeatable): each"
              + " token has the mean of the probabilities of all.")
  List<Path> others = List.of();

  @Option(
      names = "--copy",
      description =
          "Let <UNK> be written, and replace it by the word of the source that has the greatest"
              + " attention: names and numbers. For models of words with attention.")
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
