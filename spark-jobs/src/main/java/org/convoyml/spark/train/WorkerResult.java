package org.convoyml.spark.train;

import java.io.Serializable;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.CorruptImage;

/**
 * What a worker reports at the end of a round.
 *
 * @param worker its number
 * @param totals figures of all workers; the same from each
 * @param trained images that this worker trained
 * @param corrupt images that this worker left out
 * @param stopped whether all workers ended the round early, because too many were corrupt
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WorkerResult(
    int worker, Totals totals, long trained, CorruptImage[] corrupt, boolean stopped)
    implements Serializable {}
