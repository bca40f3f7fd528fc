import dev.unroll.Unroll
import dev.unroll.model.Classifier
import dev.unroll.model.LanguageModel
import java.nio.file.Path

/** What [example.App] does, as somebody writes it in Kotlin. */
data class Ticket(val body: String, val queue: String)

fun main(args: Array<String>) {
    val read = Unroll.open(Path.of(args[0])) as LanguageModel
    val tickets = (1..20).flatMap { listOf(Ticket("the invoice is wrong", "billing"), Ticket("the screen is black", "support")) }
    val trained: Classifier = Unroll.classifier()
        .data(tickets, Ticket::body, Ticket::queue)
        .lstm(5)
        .epochs(2)
        .threads(2)
        .train()
    val answer = trained.classify("a black screen")
    println(listOf(read.score("the cats were full").perplexity(), trained.parameters().contentHashCode(), answer.probability()))
}
