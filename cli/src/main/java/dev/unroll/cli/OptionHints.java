package dev.unroll.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What options of other tools are called here. They are no aliases: a command that is written down,
 * and a model's provenance, have one name for each option.
 */
final class OptionHints {

  /** Names that other tools use, without hyphens, and the options that they may stand for. */
  private static final Map<String, List<String>> TABLE = new LinkedHashMap<>();

  /** Names with more to say than another name. */
  private static final Map<String, String> ADVICE = new LinkedHashMap<>();

  static {
    hint("--rate", "lr learning-rate eta step-size base-lr init-lr");
    hint("--units", "hidden hidden-size hidden-dim hidden-units hid-dim n-hidden num-hidden nhid");
    hint("--units", "rnn-size rnn-dim lstm-units num-units n-units size dim state-size");
    hint(
        "--embedding", "embedding-dim embedding-size emb-dim emb-size emsize embed-dim embed-size");
    hint("--batch", "batch-size bs b minibatch mini-batch minibatch-size train-batch-size");
    hint("--accumulate", "gradient-accumulation-steps accumulate-grad-batches accum update-freq");
    hint("--local-steps", "average-every sync-every local-sgd-steps model-averaging-period");
    hint("--gradient-precision", "compress-gradients gradient-compression grad-compression");
    hint("--shards", "num-shards n-shards world-size replicas num-replicas data-parallel");
    hint(
        "--epochs",
        "max-epochs num-epochs n-epochs nepochs epoch max-epoch num-train-epochs iters");
    hint("--optimizer", "optim opt algorithm solver");
    hint("--schedule", "scheduler lr-scheduler lr-schedule lr-scheduler-type lr-decay");
    hint("--warmup", "warmup-steps num-warmup-steps warmup-updates warm-up");
    hint("--weight-decay", "l2 wd wdecay weightdecay l2-reg regularization");
    hint("--dropout", "drop dropout-rate dropout-prob drop-rate p");
    hint("--word-dropout", "dropoute embedding-dropout");
    hint("--weight-dropout", "wdrop recurrent-dropout dropconnect");
    hint("--input-dropout", "dropouti");
    hint("--layer-dropout", "dropouth");
    hint("--clip-norm", "clip grad-clip gradient-clip clip-grad clip-grad-norm clipnorm");
    hint("--clip-norm", "max-grad-norm gradient-clip-val gradient-clipping max-norm");
    hint("--clip-value", "clipvalue");
    hint("--patience", "early-stopping early-stop early-stopping-patience");
    hint("--seed", "random-seed random-state manual-seed rand-seed rng-seed");
    hint("--threads", "workers num-workers n-workers jobs n-jobs j num-threads thread cpus cores");
    hint("--cell", "rnn-type model-type cell-type rnn model rnn-cell arch type");
    hint("--layer-norm", "layernorm layer-normalization ln");
    hint("--tied", "tie-weights tie tied-weights tie-embeddings share-embeddings");
    hint(
        "--steps", "bptt seq-len seq-length sequence-length bptt-steps unroll num-steps timesteps");
    hint(
        "--context",
        "lookback look-back input-chunk-length input-size window input-length seq-len");
    hint("--horizon", "forecast-horizon output-chunk-length prediction-length fh pred-len h");
    hint("--season", "seasonality period m seasonal-periods");
    hint("--valid", "validation val dev valid-data val-data valid-file dev-file eval-data testa");
    hint(
        "--valid-share", "val-split validation-split validation-share test-size val-size dev-size");
    hint("--validate-every", "eval-every eval-steps val-check-interval eval-interval");
    hint("--out", "output save model model-file model-out save-path save-dir output-dir out-dir");
    hint("--plot", "chart figure draw graph");
    hint("--metrics", "log log-file logfile log-path history csv-log");
    hint("--find-rate", "lr-find find-lr lr-finder auto-lr-find");
    hint("--from", "pretrained init load finetune fine-tune init-from warm-start checkpoint");
    hint("--resume", "continue resume-from resume-from-checkpoint restart");
    hint("--checkpoint-every", "save-every save-steps save-interval checkpoint-interval");
    hint("--checkpoints", "checkpoint-dir checkpoint-folder ckpt-dir");
    hint("--unit", "tokenizer tokenize token token-level level");
    hint("--source-unit", "tokenizer unit token input-unit");
    hint("--vocabulary", "vocab vocab-size max-vocab max-words num-words max-features max-tokens");
    hint("--min-count", "min-freq min-word-count mincount min-frequency cutoff unk-threshold");
    hint("--lower-case", "lowercase lower uncased do-lower-case");
    hint(
        "--vectors", "embeddings glove word2vec pretrained-embeddings pretrained-vectors wordvecs");
    hint("--spelling", "char-lstm char-embedding chars use-chars char-hidden-size");
    hint("--class-weights", "class-weight weights weight balance");
    hint("--cross-validate", "cv folds k-fold kfold k-folds");
    hint("--label", "label-column label-col target target-column y y-column class labels");
    hint("--text", "text-column text-col x input-column sentence feature");
    hint("--value", "label label-column target target-column y y-column");
    hint("--target", "target-column target-col y y-column label output-column value-column");
    hint("--source", "source-column src input-column x source-lang");
    hint("--time", "time-column time-col date date-column timestamp ds index");
    hint("--known", "future-covariates futr-exog future known-covariates exog");
    hint("--observed", "past-covariates hist-exog past");
    hint("--quantiles", "quantile level levels");
    hint("--interval", "level confidence coverage");
    hint("--temperature", "temp t");
    hint("--top-k", "topk k");
    hint("--top-p", "topp nucleus p");
    hint("--length", "max-length max-new-tokens num-tokens n-tokens n-predict len max-len words");
    hint("--longest", "max-length max-len max-target-length");
    hint("--sentences", "num-samples n-samples samples num-return-sequences count n");
    hint("--prompt", "prime primetext start start-text seed-text prefix input-text");
    hint("--beam", "beam-size beam-width num-beams beams");
    hint("--length-power", "length-penalty lenpen alpha");
    hint("--nbest", "n-best num-return-sequences top-n");
    hint("--probabilities", "proba probs prob predict-proba scores");
    hint("--json", "as-json output-json");
    hint("--order", "n ngram ngram-order");
    hint("--quiet", "silent q no-progress no-progress-bar");
    hint("--verbose", "debug");
    advise("layers", "Depth is a list of --units: --units 200,200 makes two layers.");
    advise("num-layers", "Depth is a list of --units: --units 200,200 makes two layers.");
    advise("n-layers", "Depth is a list of --units: --units 200,200 makes two layers.");
    advise("nlayers", "Depth is a list of --units: --units 200,200 makes two layers.");
    advise("depth", "Depth is a list of --units: --units 200,200 makes two layers.");
    advise("bidirectional", "Give --direction both, if the task has it.");
    advise("bidir", "Give --direction both, if the task has it.");
    advise(
        "device", "Leave it out: training runs on the CPU; --threads sets the number of threads.");
    advise("gpu", "Leave it out: training runs on the CPU; --threads sets the number of threads.");
    advise("gpus", "Leave it out: training runs on the CPU; --threads sets the number of threads.");
    advise("cuda", "Leave it out: training runs on the CPU; --threads sets the number of threads.");
    advise("data", "Name the files without an option.");
    advise("train", "Name the files without an option.");
    advise("train-data", "Name the files without an option.");
    advise("train-file", "Name the files without an option.");
    advise("input", "Name the files without an option.");
    advise("corpus", "Name the files without an option.");
    advise("data-dir", "Name the files or folders without an option.");
  }

  private OptionHints() {}

  private static void hint(String option, String others) {
    for (String other : others.split(" ", -1)) {
      TABLE.computeIfAbsent(other, none -> new ArrayList<>()).add(option);
    }
  }

  private static void advise(String other, String advice) {
    ADVICE.put(other, advice);
  }

  /** Returns what to give instead of an option that a command does not have. */
  static Optional<String> of(String unknown, CommandSpec command) {
    if (!unknown.startsWith("-")) {
      return Optional.empty();
    }
    String name =
        unknown
            .replaceFirst("=.*$", "")
            .replaceFirst("^-+", "")
            .replace('_', '-')
            .toLowerCase(Locale.ROOT);
    var options = command.optionsMap();
    String own = "--" + name;
    if (options.containsKey(own)) { // written in another way
      return Optional.of(unknown.replaceFirst("=.*$", "") + " is " + own + " here.");
    }
    return TABLE.getOrDefault(name, List.of()).stream()
        .filter(options::containsKey)
        .findFirst()
        .map(option -> unknown.replaceFirst("=.*$", "") + " is " + option + " here.")
        .or(() -> Optional.ofNullable(ADVICE.get(name)));
  }
}
