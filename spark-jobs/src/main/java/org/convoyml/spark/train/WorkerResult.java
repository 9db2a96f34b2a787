package org.convoyml.spark.train;

import java.io.Serializable;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.Ledger;

/**
 * What a worker reports at the end of a round.
 *
 * @param worker its number
 * @param totals figures of all workers, and of the epoch's rounds before; the same from each
 * @param ledger what became of this worker's images
 * @param corrupt images that this worker left out
 * @param parts files of the state that this worker has written
 * @param stopped whether all workers ended the round early, because too many were corrupt
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WorkerResult(
    int worker,
    Totals totals,
    Ledger ledger,
    CorruptImage[] corrupt,
    StatePart[] parts,
    boolean stopped)
    implements Serializable {}
