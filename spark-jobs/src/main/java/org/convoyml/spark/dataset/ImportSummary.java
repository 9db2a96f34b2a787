package org.convoyml.spark.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.convoyml.spark.data.Quarantine;

/**
 * What was packed; written beside the files as {@code _dataset.json}.
 *
 * @param source the data set that was packed
 * @param images how many
 * @param bytes of encoded images
 * @param corrupt how many are corrupt, by their files; they are packed as they are
 * @param files how many there are
 * @param fingerprint of the images' identities, labels and contents, in hexadecimal: the one that
 *     training writes into a model's provenance
 * @param classes their names, sorted
 * @param quarantine lists the corrupt images; in {@code _quarantine.csv} if there are any
 */
public record ImportSummary(
    String source,
    long images,
    long bytes,
    long corrupt,
    int files,
    String fingerprint,
    List<String> classes,
    @JsonIgnore Quarantine quarantine) {
  public ImportSummary {
    classes = List.copyOf(classes);
  }
}
