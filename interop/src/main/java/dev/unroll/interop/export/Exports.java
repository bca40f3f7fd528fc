package dev.unroll.interop.export;

import dev.unroll.base.InputException;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LabelModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;

/** Writes the models of all tasks as ONNX graphs. */
public final class Exports {

  private Exports() {}

  /**
   * Returns a model as graphs, with what it answers to some samples.
   *
   * @throws InputException if the model has no such form, or the opset has not all that it needs
   */
  public static Exported of(Model model, Form form) {
    return switch (model) {
      case LanguageModel language -> {
        Conversion.checkAlone(language);
        yield LanguageExport.write(language, form);
      }
      case LabelModel label -> LabelExport.write(label, form);
      case Transducer transducer -> {
        Conversion.checkAlone(transducer);
        yield TransducerExport.write(transducer, form);
      }
      case Recognizer recognizer -> SignalExport.write(recognizer, form);
      case Regressor regressor -> SignalExport.write(regressor, form);
      case Forecaster forecaster -> ForecastExport.write(forecaster, form);
      default ->
          throw new InputException(
              "models for " + model.task().name() + " cannot be exported",
              "Export a model of another task.");
    };
  }
}
