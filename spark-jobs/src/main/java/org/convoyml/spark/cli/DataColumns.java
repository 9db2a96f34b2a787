package org.convoyml.spark.cli;

import java.util.Optional;
import org.convoyml.aug.source.SourceOptions;
import picocli.CommandLine.Option;

/** Which columns of {@code --data} to read; a {@link picocli.CommandLine.Mixin}. */
final class DataColumns {
  /** What {@code --data} takes. */
  static final String KINDS =
      "a folder with a folder of images (.jpg, .jpeg, .png, .bmp, .webp) for each class; a tar file"
          + " of one; an IDX file of images with its labels beside it; CIFAR's binary files, one or"
          + " their directory; Parquet with columns of images and labels, Convoy's own or Hugging"
          + " Face's, say; or a CSV file of paths and labels. On any file system that Hadoop"
          + " knows.";

  @Option(
      names = "--image-column",
      paramLabel = "NAME",
      description =
          "The column of images in Parquet, or of paths in a CSV file. Default: the only one that"
              + " can be.")
  private String image;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "The column of labels. Default: 'label', or the only one that can be.")
  private String label;

  SourceOptions options() {
    return new SourceOptions(Optional.ofNullable(image), Optional.ofNullable(label));
  }
}
