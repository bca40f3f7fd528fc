import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertTrue

class NamesTest {
    @Test
    fun `a name is likelier than its letters in disorder`() {
        val model = train(Path.of("names.txt"))
        assertTrue(model.score("Stegosaurus").perplexity() < model.score("Sgtesoasuru").perplexity())
    }
}
