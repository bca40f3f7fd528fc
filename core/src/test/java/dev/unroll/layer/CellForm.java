package dev.unroll.layer;

/** Every cell of the engine beside its reference. */
enum CellForm {
  BASIC_TANH,
  BASIC_RELU,
  GRU_SIMPLIFIED,
  GRU_RESET_BEFORE,
  GRU_RESET_AFTER,
  LSTM,
  LSTM_PEEPHOLES_BEFORE,
  LSTM_PEEPHOLES_AFTER,
  MINIMAL_GRU,
  MINIMAL_LSTM;

  Cell cell() {
    return switch (this) {
      case BASIC_TANH -> new BasicCell(Activation.TANH);
      case BASIC_RELU -> new BasicCell(Activation.RELU);
      case GRU_SIMPLIFIED -> new SimplifiedGruCell();
      case GRU_RESET_BEFORE -> new FullGruCell(false);
      case GRU_RESET_AFTER -> new FullGruCell(true);
      case LSTM -> new LstmCell(Peepholes.NONE);
      case LSTM_PEEPHOLES_BEFORE -> new LstmCell(Peepholes.BEFORE);
      case LSTM_PEEPHOLES_AFTER -> new LstmCell(Peepholes.AFTER);
      case MINIMAL_GRU -> new MinimalGruCell();
      case MINIMAL_LSTM -> new MinimalLstmCell();
    };
  }

  ReferenceCell reference(ReferenceCell.Sizes sizes) {
    return switch (this) {
      case BASIC_TANH -> new ReferenceBasic(sizes, false);
      case BASIC_RELU -> new ReferenceBasic(sizes, true);
      case GRU_SIMPLIFIED -> new ReferenceGru(sizes, ReferenceGru.Form.SIMPLIFIED);
      case GRU_RESET_BEFORE -> new ReferenceGru(sizes, ReferenceGru.Form.RESET_BEFORE);
      case GRU_RESET_AFTER -> new ReferenceGru(sizes, ReferenceGru.Form.RESET_AFTER);
      case LSTM -> new ReferenceLstm(sizes, Peepholes.NONE);
      case LSTM_PEEPHOLES_BEFORE -> new ReferenceLstm(sizes, Peepholes.BEFORE);
      case LSTM_PEEPHOLES_AFTER -> new ReferenceLstm(sizes, Peepholes.AFTER);
      case MINIMAL_GRU -> new ReferenceMinimal(sizes, false);
      case MINIMAL_LSTM -> new ReferenceMinimal(sizes, true);
    };
  }
}
