/**
 * What Convoy is measured against. Built in the profile {@code peers} only, because the peers are
 * large; nothing depends on it.
 */
package org.convoyml.benchmarks.peers;
