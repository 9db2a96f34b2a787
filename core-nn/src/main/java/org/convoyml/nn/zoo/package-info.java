/** Published networks, built from a few arguments. Depends on {@code spec} only. */
package org.convoyml.nn.zoo;
