package org.convoyml.spark.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Where a model comes from that was read from another library's file.
 *
 * @param convertedFrom the file
 * @param sha256 of the file, in hexadecimal
 * @param leftOut what the file had that the model has not
 * @param optimizer whose state lies beside the weights; null for none
 * @param convoy version that converted it
 */
public record ExchangeProvenance(
    String convertedFrom,
    String sha256,
    List<String> leftOut,
    @JsonInclude(JsonInclude.Include.NON_NULL) String optimizer,
    String convoy) {}
