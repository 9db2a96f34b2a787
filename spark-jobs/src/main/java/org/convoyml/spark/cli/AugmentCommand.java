package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.OutputFormat;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.aug.spark.Augmenter;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.dataset.DatasetImporter;
import org.convoyml.spark.dataset.ImportJob;
import org.convoyml.spark.dataset.ImportSummary;
import org.convoyml.spark.model.HadoopFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what an augmentation policy does, or does it to a whole data set. */
@Command(
    name = "augment",
    description =
        "Draws what an augmentation policy makes of some images, writes a data set with varied"
            + " copies of its images, or lists the operations that there are.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = {
      "Usage: convoy augment --data=PATH --augment=POLICY --preview=FILE [OPTIONS]",
      "       convoy augment --data=PATH --augment=POLICY --output=DIR [OPTIONS]",
      "       convoy augment --list"
    },
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy augment --list",
      "  convoy augment --data photos/ --augment \"rotate(15), color-jitter(0.2, 0.2, 0.2)\" \\",
      "    --preview variants.png",
      "  convoy augment --data images.tar --augment \"trivial-augment\" --copies 4 \\",
      "    --output hdfs:///images-augmented"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class AugmentCommand implements Callable<Integer> {
  private static final long FILE_BYTES = 128L << 20;
  private static final double MEGABYTE = 1e6;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "Labelled images: " + DataColumns.KINDS)
  private String data;

  @Mixin private DataColumns columns;

  @Option(
      names = "--augment",
      paramLabel = "POLICY",
      converter = Converters.OfPolicy.class,
      description = "How images are varied, as for train.")
  private AugmentationPolicy policy;

  @Option(
      names = "--preview",
      paramLabel = "FILE",
      description =
          "Draw a PNG there: a row for each image, the original first, then its variants. If the"
              + " policy mixes images, the rows are mixed with each other.")
  private String preview;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Images in the preview: the first of each class, then the second. Default:"
              + " ${DEFAULT-VALUE}.")
  private int images = 8;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Write the images and their variants there, as a data set for train.")
  private String output;

  @Option(names = "--overwrite", description = "Replace what is at --output.")
  private boolean overwrite;

  @Option(
      names = "--copies",
      paramLabel = "N",
      description =
          "Variants of each image; the first is what train sees in its first epoch. Default:"
              + " ${DEFAULT-VALUE}.")
  private int copies = 4;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all random choices. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(
      names = "--format",
      paramLabel = "F",
      description =
          "What variants are written as: png (without loss) or jpeg. Default: ${DEFAULT-VALUE}.")
  private OutputFormat format = OutputFormat.PNG;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      description = "Of JPEGs, 1 to 100. Default: ${DEFAULT-VALUE}.")
  private int quality = 95;

  @Option(
      names = "--list",
      description = "Print the operations of policies with their arguments, defaults and ranges.")
  private boolean list;

  @Mixin private LimitOptions limits;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (list) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(PolicyList.render());
      out.flush();
      return 0;
    }
    checkOptions();
    ImageLimits checkedLimits = limits.limits();
    Augmenter augmenter = output == null ? null : augmenter(checkedLimits);
    return SparkRun.with(session -> augment(session, augmenter, checkedLimits));
  }

  private void checkOptions() {
    check(data != null, "expected --data");
    check(policy != null, "expected --augment");
    check(preview != null || output != null, "expected --preview or --output");
    check(images > 0, "--images must be positive, got " + images);
    check(copies > 0, "--copies must be positive, got " + copies);
    check(quality >= 1 && quality <= 100, "--quality must be 1 to 100, got " + quality);
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private Augmenter augmenter(ImageLimits imageLimits) {
    try {
      return new Augmenter()
          .setPolicy(policy.toString())
          .setSeed(seed)
          .setCopies(copies)
          .setFormat(format.toString())
          .setQuality(quality)
          .setMaxPixels(imageLimits.maxPixels());
    } catch (ConvoyException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * @param augmenter of {@code --output}
   */
  private int augment(SparkSession session, Augmenter augmenter, ImageLimits imageLimits) {
    ImageDataset dataset = ImageSources.open(session, data, columns.options());
    if (preview != null) {
      Configuration hadoop = session.sessionState().newHadoopConf();
      try (HadoopFiles files = HadoopFiles.of(hadoop, preview)) {
        byte[] picture =
            new Preview(policy, seed, copies, images, imageLimits.maxPixels()).of(dataset, data);
        files.replace(new Path(preview), picture);
      }
      spec.commandLine().getErr().printf("the picture is in %s%n", preview);
    }
    if (output != null) {
      write(session, augmenter, dataset, imageLimits);
    }
    return 0;
  }

  private void write(
      SparkSession session, Augmenter augmenter, ImageDataset dataset, ImageLimits imageLimits) {
    ImageDataset augmented =
        new ImageDataset(augmenter.transform(dataset.rows()), dataset.classes());
    ImportSummary summary =
        new DatasetImporter(session)
            .run(
                new ImportJob(
                    augmented,
                    data,
                    output,
                    overwrite,
                    new ImportJob.Size(FILE_BYTES),
                    imageLimits));
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "%,d images, %,d of them variants, %,.1f MB, in %,d file%s; the data set is in %s%n",
        summary.images(),
        summary.images() / (copies + 1) * copies,
        summary.bytes() / MEGABYTE,
        summary.files(),
        summary.files() == 1 ? "" : "s",
        output);
    if (summary.corrupt() > 0) {
      err.println(QuarantineLine.kept(summary.quarantine(), output));
    }
  }
}
