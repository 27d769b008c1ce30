import dev.tyto.demo.DemoModel;
import dev.tyto.text.TextModel;

class GenerateText {
  static void main() throws Exception {
    try (TextModel model = TextModel.load(DemoModel.folder())) {
      System.out.println(model.generate("Once upon a time"));
    }
  }
}
