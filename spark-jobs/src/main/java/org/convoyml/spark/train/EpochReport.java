package org.convoyml.spark.train;

import java.util.Optional;
import org.convoyml.spark.data.Ledger;

/**
 * What is known at the end of an epoch besides its figures.
 *
 * @param epoch from 1
 * @param images that were to come, each once
 * @param ledger what became of them
 * @param score of the evaluation, if there was one
 */
public record EpochReport(
    int epoch, long images, Ledger ledger, Optional<ModelSelection.Score> score) {}
