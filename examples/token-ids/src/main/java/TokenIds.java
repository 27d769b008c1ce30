import dev.tyto.core.CacheDtype;
import dev.tyto.core.Generation;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.demo.DemoModel;
import java.util.Set;

class TokenIds {
  static void main() throws Exception {
    int[] prompt = {0, 2359, 650, 263, 533}; // "Once upon a time" to the demo model's tokenizer
    LoadOptions options = LoadOptions.defaults().withCacheDtype(CacheDtype.F32);
    try (Model model = Model.load(DemoModel.folder(), options);
        Session session = model.newSession();
        Generation generation = session.generate(prompt, SamplingOptions.GREEDY, 64, Set.of())) {
      while (generation.hasNext()) {
        System.out.println(generation.next().id());
      }
    }
  }
}
