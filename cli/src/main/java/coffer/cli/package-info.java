@NullMarked
package coffer.cli;

import org.jspecify.annotations.NullMarked;
