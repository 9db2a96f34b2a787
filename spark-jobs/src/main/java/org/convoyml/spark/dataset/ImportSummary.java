package org.convoyml.spark.dataset;

import java.util.List;

/**
 * What was packed; written beside the files as {@code _dataset.json}.
 *
 * @param source the data set that was packed
 * @param images how many
 * @param bytes of encoded images
 * @param unreadable how many could not be read, and have the reason in place of content
 * @param files how many there are
 * @param fingerprint of the images' identities and labels, in hexadecimal: the one that training
 *     writes into a model's provenance
 * @param classes their names, sorted
 */
public record ImportSummary(
    String source,
    long images,
    long bytes,
    long unreadable,
    int files,
    String fingerprint,
    List<String> classes) {
  public ImportSummary {
    classes = List.copyOf(classes);
  }
}
