package dev.unroll.server.model;

import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;
import java.util.List;

/** The first call of a model, which fails before its first request does, and makes its buffers. */
final class WarmUp {

  private static final String TEXT = "a";

  private WarmUp() {}

  static void run(Model model) {
    try {
      switch (model) {
        case LanguageModel own -> own.score(TEXT);
        case Classifier own -> own.classify(TEXT);
        case Tagger own -> own.tag(List.of(TEXT));
        case Transducer own -> own.transduce(TEXT);
        case Recognizer own -> own.recognize(TEXT);
        case Regressor own -> own.predict(TEXT);
        default -> {} // a forecast needs a series
      }
    } catch (InputException e) {
      // the text says nothing to it: it reads numbers, say
    }
  }
}
