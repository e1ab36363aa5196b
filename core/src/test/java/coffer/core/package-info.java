/// Tests of ids, encoding and signatures.
@NullMarked
package coffer.core;

import org.jspecify.annotations.NullMarked;
