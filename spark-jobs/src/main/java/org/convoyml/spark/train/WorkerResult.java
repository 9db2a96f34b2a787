package org.convoyml.spark.train;

import java.io.Serializable;
import org.convoyml.spark.collective.Totals;

/**
 * What a worker reports at the end of a round.
 *
 * @param worker its number
 * @param totals figures of all workers; the same from each
 * @param trained images that this worker trained
 */
public record WorkerResult(int worker, Totals totals, long trained) implements Serializable {}
