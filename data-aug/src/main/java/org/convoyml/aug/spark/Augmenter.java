package org.convoyml.aug.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.convoyml.aug.image.ImageDecoder;
import org.convoyml.aug.image.OutputFormat;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;

/**
 * Adds varied copies of images to a data set: a stage for Spark ML's pipelines, a line in a
 * notebook.
 *
 * <pre>{@code
 * Dataset<Row> more = new Augmenter()
 *     .setPolicy("pad-crop(4), flip")
 *     .setCopies(3)
 *     .transform(dataset.rows());
 * }</pre>
 *
 * <p>Takes and gives rows with the columns {@code id} (long), {@code origin} (string) and {@code
 * content} (binary, an image file), as an {@link org.convoyml.aug.source.ImageDataset} has them;
 * all other columns, such as the label, are copied. Of each row come, in this order, the row itself
 * if {@link #includeOriginal}, and {@link #copies} variants, in the same partition. The variant of
 * number {@code c}, from 1,
 *
 * <ul>
 *   <li>has an {@code id} that is a function of the original's and {@code c},
 *   <li>has the {@code origin} {@code …#augmented-c},
 *   <li>is drawn from (seed, c − 1, id): as training with the same policy and seed draws its {@code
 *       c}-th epoch,
 *   <li>is a PNG file, or a JPEG of some {@link #quality}.
 * </ul>
 *
 * <p>An image that cannot be decoded does not fail the job: its variants carry the reason in place
 * of an image ({@link org.convoyml.aug.image.UnreadableImage}), and whoever reads them, training
 * for one, treats them as it treats the original.
 */
public final class Augmenter extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> policy;
  private final LongParam seed;
  private final IntParam copies;
  private final BooleanParam includeOriginal;
  private final Param<String> format;
  private final IntParam quality;
  private final LongParam maxPixels;

  public Augmenter() {
    this(Identifiable$.MODULE$.randomUID("augmenter"));
  }

  public Augmenter(String uid) {
    this.uid = uid;
    policy =
        new Param<>(this, "policy", "how images are varied, for example \"pad-crop(4), flip\"");
    seed = new LongParam(this, "seed", "of all random choices");
    copies =
        new IntParam(
            this, "copies", "variants of each image (at least 1)", ParamValidators.gtEq(1));
    includeOriginal =
        new BooleanParam(this, "includeOriginal", "whether the originals are passed on too");
    format =
        new Param<>(
            this,
            "format",
            "file format of the variants: png or jpeg",
            ParamValidators.<String>inArray(
                Arrays.stream(OutputFormat.values()).map(OutputFormat::toString).toList()));
    quality = new IntParam(this, "quality", "of JPEGs (1 to 100)", ParamValidators.inRange(1, 100));
    setDefault(policy, AugmentationPolicy.NONE.toString());
    setDefault(seed, 42L);
    setDefault(copies, 1);
    setDefault(includeOriginal, true);
    setDefault(format, OutputFormat.PNG.toString());
    maxPixels =
        new LongParam(
            this,
            "maxPixels",
            "larger images are not decoded (at least 1)",
            ParamValidators.gtEq(1));
    setDefault(quality, 95);
    setDefault(maxPixels, ImageDecoder.MAX_PIXELS);
  }

  /** Reads what {@link #save} wrote. */
  public static Augmenter load(String path) {
    return read().load(path);
  }

  public static MLReader<Augmenter> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public String uid() {
    return uid;
  }

  /** How images are varied, as {@link AugmentationPolicy#parse} reads it. Default: none. */
  public Param<String> policy() {
    return policy;
  }

  /**
   * @throws ConvoyException if the policy is not understood, or mixes the images of micro-batches
   */
  public Augmenter setPolicy(String value) {
    set(policy, checked(value).toString());
    return this;
  }

  public String getPolicy() {
    return (String) getOrDefault(policy);
  }

  /** Of all random choices. Default: 42. */
  public LongParam seed() {
    return seed;
  }

  public Augmenter setSeed(long value) {
    set(seed, value);
    return this;
  }

  public long getSeed() {
    return (Long) getOrDefault(seed);
  }

  /** Variants of each image, at least 1. Default: 1. */
  public IntParam copies() {
    return copies;
  }

  public Augmenter setCopies(int value) {
    set(copies, value);
    return this;
  }

  public int getCopies() {
    return (Integer) getOrDefault(copies);
  }

  /** Whether the originals are passed on too. Default: true. */
  public BooleanParam includeOriginal() {
    return includeOriginal;
  }

  public Augmenter setIncludeOriginal(boolean value) {
    set(includeOriginal, value);
    return this;
  }

  public boolean getIncludeOriginal() {
    return (Boolean) getOrDefault(includeOriginal);
  }

  /** File format of the variants: {@code png} (without loss) or {@code jpeg}. Default: png. */
  public Param<String> format() {
    return format;
  }

  public Augmenter setFormat(String value) {
    set(format, value);
    return this;
  }

  public String getFormat() {
    return (String) getOrDefault(format);
  }

  /** Of JPEGs, 1 to 100. Default: 95. */
  public IntParam quality() {
    return quality;
  }

  public Augmenter setQuality(int value) {
    set(quality, value);
    return this;
  }

  public int getQuality() {
    return (Integer) getOrDefault(quality);
  }

  /** Larger images are not decoded. Default: 50 million. */
  public LongParam maxPixels() {
    return maxPixels;
  }

  public Augmenter setMaxPixels(long value) {
    set(maxPixels, value);
    return this;
  }

  public long getMaxPixels() {
    return (Long) getOrDefault(maxPixels);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    VariantRows rows =
        new VariantRows(
            VariantRows.Columns.of(schema),
            checked(getPolicy()).imageOps(),
            getSeed(),
            getCopies(),
            getIncludeOriginal(),
            OutputFormat.valueOf(getFormat().toUpperCase(Locale.ROOT)),
            getQuality(),
            getMaxPixels());
    return dataset.toDF().mapPartitions(rows, Encoders.row(schema));
  }

  /**
   * The same columns.
   *
   * @throws ConvoyException if one of {@code id}, {@code origin} and {@code content} is missing or
   *     of another type, or the policy is not one for single images
   */
  @Override
  public StructType transformSchema(StructType schema) {
    AugmentationPolicy unused = checked(getPolicy());
    checkColumn(schema, VariantRows.ID, DataTypes.LongType);
    checkColumn(schema, VariantRows.ORIGIN, DataTypes.StringType);
    checkColumn(schema, VariantRows.CONTENT, DataTypes.BinaryType);
    return schema;
  }

  private static void checkColumn(StructType schema, String name, DataType type) {
    boolean found =
        List.of(schema.fieldNames()).contains(name) && schema.apply(name).dataType().equals(type);
    if (!found) {
      throw new ConvoyException(
          "expected a column %s of type %s, found %s"
              .formatted(name, type.simpleString(), schema.simpleString()));
    }
  }

  /** A parameter map or a file may hold anything. */
  private static AugmentationPolicy checked(String text) {
    AugmentationPolicy parsed = AugmentationPolicy.parse(text);
    if (!parsed.batchOps().isEmpty()) {
      throw new ConvoyException(
          "augmentation policy \"%s\": %s mixes the images of a micro-batch, which single images do not have: leave it to training"
              .formatted(text, new AugmentationPolicy(List.of(), parsed.batchOps().subList(0, 1))));
    }
    return parsed;
  }

  @Override
  public Augmenter copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
