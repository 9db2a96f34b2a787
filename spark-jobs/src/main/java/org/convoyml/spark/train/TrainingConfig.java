package org.convoyml.spark.train;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.train.LearningRate;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.spark.data.BatchKey;
import org.convoyml.spark.data.ImageLimits;

/**
 * How to train. The command line, notebooks and pipelines all build this record; it converts to
 * properties and back.
 *
 * @param epochs how often every image is seen, positive
 * @param batchSize images in a step, over all lanes; a multiple of the lanes
 * @param lanes streams of micro-batches, a power of two; part of the definition of the result
 * @param workers how many tasks train; 0 takes all slots, at most one per lane. The result does not
 *     depend on it
 * @param learningRate the highest rate, and how it changes
 * @param optimizer how parameters follow their gradient
 * @param weightDecay of weights, at least 0
 * @param clipNorm to which the gradient is scaled down; 0 leaves it
 * @param averageDecay of the moving average of weights, which the model then takes, in [0, 1); 0
 *     for none
 * @param precision of activations and weights in the engine
 * @param augmentation how images are varied
 * @param limits of what the data set may hold
 * @param averaging what lanes average, and when
 * @param validation how the model is evaluated on images that are held out
 * @param recovery what is kept for the case that something fails
 * @param seed of all random choices
 * @param engine by name, or {@code auto} for the best that runs here
 * @param timeoutSeconds how long a worker waits for the others in a step, positive
 */
public record TrainingConfig(
    int epochs,
    int batchSize,
    int lanes,
    int workers,
    LearningRate learningRate,
    Optimizer optimizer,
    double weightDecay,
    double clipNorm,
    double averageDecay,
    Precision precision,
    AugmentationPolicy augmentation,
    ImageLimits limits,
    Averaging averaging,
    Validation validation,
    Recovery recovery,
    long seed,
    String engine,
    int timeoutSeconds)
    implements Serializable {
  /** Names {@link #engine} for the best one that runs here. */
  public static final String BEST_ENGINE = "auto";

  private static final Set<String> WITHOUT_INFLUENCE =
      Set.of(
          "workers",
          "max-corrupt",
          "timeout",
          "checkpoints",
          "keep-checkpoints",
          "checkpoint-every",
          "retries");

  public static final TrainingConfig DEFAULT =
      new TrainingConfig(
          10,
          128,
          8,
          0,
          new LearningRate(0.05, 0, new LearningRateSchedule.Cosine()),
          new Sgd(0.9f),
          0,
          0,
          0,
          Precision.F32,
          AugmentationPolicy.NONE,
          ImageLimits.DEFAULT,
          Averaging.DEFAULT,
          Validation.DEFAULT,
          Recovery.DEFAULT,
          42,
          BEST_ENGINE,
          600);

  public TrainingConfig {
    check(epochs > 0, "epochs must be positive, got %d", epochs);
    check(lanes > 0 && Integer.bitCount(lanes) == 1, "lanes must be a power of two, got %d", lanes);
    check(
        batchSize > 0 && batchSize % lanes == 0,
        "the batch size must be a multiple of the %d lanes, got %d",
        lanes,
        batchSize);
    check(
        batchSize / lanes < BatchKey.MAX_BATCH_SIZE,
        "a lane's share of a batch must be below %d images, got %d",
        BatchKey.MAX_BATCH_SIZE,
        batchSize / lanes);
    check(
        workers >= 0 && workers <= lanes,
        "workers must be at most the %d lanes, got %d",
        lanes,
        workers);
    checkRule(optimizer, weightDecay, clipNorm, averageDecay);
    check(
        recovery.everySteps() % averaging.frequency() == 0,
        "the steps between checkpoints must be a multiple of the averaging frequency %d, got %d",
        averaging.frequency(),
        recovery.everySteps());
    check(timeoutSeconds > 0, "the timeout must be positive, got %d s", timeoutSeconds);
  }

  private static void checkRule(
      Optimizer optimizer, double weightDecay, double clipNorm, double averageDecay) {
    // Its constructor says what is wrong.
    UpdateRule unused =
        new UpdateRule(optimizer, (float) weightDecay, (float) clipNorm, (float) averageDecay);
  }

  /** How a step changes parameters. */
  public UpdateRule updateRule() {
    return new UpdateRule(optimizer, (float) weightDecay, (float) clipNorm, (float) averageDecay);
  }

  private static void check(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /** Every setting as text. */
  public SortedMap<String, String> toProperties() {
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("epochs", String.valueOf(epochs));
    properties.put("batch-size", String.valueOf(batchSize));
    properties.put("lanes", String.valueOf(lanes));
    properties.put("workers", String.valueOf(workers));
    properties.put("learning-rate", String.valueOf(learningRate.highest()));
    properties.put("warmup", String.valueOf(learningRate.warmupEpochs()));
    properties.put("schedule", learningRate.schedule().toString());
    properties.put("optimizer", optimizer.toString());
    properties.put("weight-decay", String.valueOf(weightDecay));
    properties.put("clip-norm", String.valueOf(clipNorm));
    properties.put("ema", String.valueOf(averageDecay));
    properties.put("precision", word(precision));
    properties.put("augment", augmentation.toString());
    properties.put("max-pixels", String.valueOf(limits.maxPixels()));
    properties.put("max-corrupt", String.valueOf(limits.maxCorrupt()));
    properties.put("sync", word(averaging.sync()));
    properties.put("averaging-frequency", String.valueOf(averaging.frequency()));
    properties.put("validation-split", String.valueOf(validation.split()));
    properties.put("evaluate-every", String.valueOf(validation.every()));
    properties.put("patience", String.valueOf(validation.patience()));
    properties.put("monitor", word(validation.monitor()));
    properties.put("keep", word(validation.keep()));
    properties.put("checkpoints", recovery.checkpoints());
    properties.put("keep-checkpoints", String.valueOf(recovery.keep()));
    properties.put("checkpoint-every", String.valueOf(recovery.everySteps()));
    properties.put("retries", String.valueOf(recovery.retries()));
    properties.put("seed", String.valueOf(seed));
    properties.put("engine", engine);
    properties.put("timeout", String.valueOf(timeoutSeconds));
    return properties;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The settings that the result depends on, as text. */
  public SortedMap<String, String> toResultProperties() {
    SortedMap<String, String> properties = toProperties();
    properties.keySet().removeAll(WITHOUT_INFLUENCE);
    return properties;
  }

  /**
   * What {@link #toProperties} gives, back; settings that are missing have their default.
   *
   * @throws IllegalArgumentException if a name is unknown or a value is wrong
   * @throws org.convoyml.nn.ConvoyException if the augmentation, schedule or optimizer is not
   *     understood
   */
  public static TrainingConfig fromProperties(Map<String, String> properties) {
    SortedMap<String, String> all = DEFAULT.toProperties();
    properties.forEach(
        (name, value) -> {
          if (all.replace(name, value) == null) {
            throw new IllegalArgumentException(
                "no setting is named '%s', there are %s".formatted(name, all.keySet()));
          }
        });
    return new TrainingConfig(
        parse(all, "epochs", Integer::parseInt),
        parse(all, "batch-size", Integer::parseInt),
        parse(all, "lanes", Integer::parseInt),
        parse(all, "workers", Integer::parseInt),
        new LearningRate(
            parse(all, "learning-rate", Double::parseDouble),
            parse(all, "warmup", Double::parseDouble),
            LearningRateSchedule.parse(all.get("schedule"))),
        Optimizer.parse(all.get("optimizer")),
        parse(all, "weight-decay", Double::parseDouble),
        parse(all, "clip-norm", Double::parseDouble),
        parse(all, "ema", Double::parseDouble),
        parse(all, "precision", name -> choice(Precision.class, name)),
        AugmentationPolicy.parse(all.get("augment")),
        new ImageLimits(
            parse(all, "max-pixels", Long::parseLong),
            parse(all, "max-corrupt", Double::parseDouble)),
        new Averaging(
            parse(all, "sync", name -> choice(Averaging.Sync.class, name)),
            parse(all, "averaging-frequency", Integer::parseInt)),
        new Validation(
            parse(all, "validation-split", Double::parseDouble),
            parse(all, "evaluate-every", Integer::parseInt),
            parse(all, "patience", Integer::parseInt),
            parse(all, "monitor", name -> choice(Validation.Monitor.class, name)),
            parse(all, "keep", name -> choice(Validation.Keep.class, name))),
        new Recovery(
            all.get("checkpoints"),
            parse(all, "keep-checkpoints", Integer::parseInt),
            parse(all, "checkpoint-every", Integer::parseInt),
            parse(all, "retries", Integer::parseInt)),
        parse(all, "seed", Long::parseLong),
        all.get("engine"),
        parse(all, "timeout", Integer::parseInt));
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }

  private static <T> T parse(Map<String, String> all, String name, Function<String, T> parser) {
    try {
      return parser.apply(all.get(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }
}
