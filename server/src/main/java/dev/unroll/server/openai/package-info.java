/** Language models in the words of OpenAI's API, for clients that speak nothing else. */
@NullMarked
package dev.unroll.server.openai;

import org.jspecify.annotations.NullMarked;
