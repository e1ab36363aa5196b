@NullMarked
package coffer.service.evaluation;

import org.jspecify.annotations.NullMarked;
