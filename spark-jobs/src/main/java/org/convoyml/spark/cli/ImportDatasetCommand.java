package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.dataset.DatasetImporter;
import org.convoyml.spark.dataset.ImportJob;
import org.convoyml.spark.dataset.ImportJob.FileCut;
import org.convoyml.spark.dataset.ImportSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Packs a data set into Parquet. */
@Command(
    name = "import-dataset",
    description =
        "Packs labelled images into Parquet files of even size, which train and evaluate then read"
            + " faster than many small files. Images keep their identities: a model that is trained"
            + " on the result is the same, bit by bit.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = "Usage: convoy import-dataset --data=PATH --output=DIR [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy import-dataset --data photos/ --output hdfs:///datasets/photos",
      "  convoy import-dataset --data images.csv --label-column breed --output dogs --files 16",
      "  convoy train --data dogs --model lenet --output models/dogs"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class ImportDatasetCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "Labelled images: " + DataColumns.KINDS)
  private String data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the Parquet files are written, all of them or none.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the imported data set that is there.")
  private boolean overwrite;

  @Mixin private DataColumns columns;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "How many files. Default: as --file-size says.")
  private Integer files;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "About how large files are at most: 64m, say, or 1g. Their number is a power of two."
              + " Default: 128m.")
  private Long fileSize;

  @Mixin private LimitOptions limits;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  /** A size as Spark writes it. */
  static final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return JavaUtils.byteStringAsBytes(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "expected a size such as 64m or 1g, got '%s'".formatted(text));
      }
    }
  }

  @Override
  public Integer call() {
    FileCut cut = cut();
    ImageLimits checkedLimits = limits.limits();
    return SparkRun.with(session -> run(session, cut, checkedLimits));
  }

  private FileCut cut() {
    if (files != null && fileSize != null) {
      throw wrong("expected either --files or --file-size, got both");
    }
    try {
      return files != null
          ? new ImportJob.Count(files)
          : new ImportJob.Size(fileSize == null ? 128L << 20 : fileSize);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int run(SparkSession session, FileCut cut, ImageLimits imageLimits) {
    ImportSummary summary =
        new DatasetImporter(session)
            .run(
                new ImportJob(
                    ImageSources.open(session, data, columns.options()),
                    data,
                    output,
                    overwrite,
                    cut,
                    imageLimits));
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "%,d images of %,d classes, %,.1f MB, in %,d file%s; the data set is in %s%n",
        summary.images(),
        summary.classes().size(),
        summary.bytes() / MEGABYTE,
        summary.files(),
        summary.files() == 1 ? "" : "s",
        output);
    if (summary.corrupt() > 0) {
      err.println(QuarantineLine.kept(summary.quarantine(), output));
    }
    return 0;
  }
}
