import dev.unroll.Progress
import dev.unroll.Unroll
import dev.unroll.model.LanguageModel
import dev.unroll.result.Sampling
import java.nio.file.Path

/** A language model of names, letter by letter: which name is likelier, and what are others like them? */
fun train(names: Path): LanguageModel =
    Unroll.languageModel()
        .characters()
        .sentences()
        .lines(names)
        .lstm(64)
        .rate(0.01)
        .epochs(40)
        .listen(Progress.to(::println))
        .train()

fun main() {
    val model = train(Path.of("names.txt"))
    for (name in listOf("Stegosaurus", "Sgtesoasuru")) {
        println("$name: perplexity ${model.score(name).perplexity()}")
    }
    println(model.next("Tyra", 3))
    for (seed in 1L..5L) {
        println("T" + model.generate("T", Sampling.temperature(0.7).withSeed(seed)).toList().joinToString(""))
    }
}
