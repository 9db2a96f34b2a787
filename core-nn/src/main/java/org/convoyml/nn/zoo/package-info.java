/** Published networks, built from a few arguments. Depends on {@code spec} and {@code nn} only. */
package org.convoyml.nn.zoo;
