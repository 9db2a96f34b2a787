package org.convoyml.dl4j.train;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.data.Quarantine;

/**
 * What became of a partition's images. A task that is repeated tells it again, in the same words.
 *
 * @param partition its number
 * @param ledger of the images
 * @param corrupt those that were left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PartitionLedger(int partition, Ledger ledger, CorruptImage[] corrupt)
    implements Serializable {
  /** Of all partitions, each once. */
  static Ledger sum(Collection<PartitionLedger> told, Quarantine quarantine) {
    Map<Integer, PartitionLedger> partitions =
        told.stream()
            .collect(
                Collectors.toMap(PartitionLedger::partition, one -> one, (first, again) -> first));
    partitions.values().stream().flatMap(one -> Stream.of(one.corrupt())).forEach(quarantine::add);
    return partitions.values().stream()
        .map(PartitionLedger::ledger)
        .reduce(Ledger.EMPTY, Ledger::plus);
  }
}
