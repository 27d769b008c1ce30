import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks or fixes the format of every Java file below a folder. Run by the build with
 * google-java-format on the class path:
 *
 * <pre>{@code java -cp google-java-format.jar tools/Format.java check|fix FOLDER}</pre>
 */
class Format {
  private static final Set<String> SKIPPED = Set.of("target", ".git", ".idea", "node_modules");

  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !Set.of("check", "fix").contains(args[0])) {
      System.err.println("usage: Format check|fix FOLDER");
      System.exit(2);
    }
    boolean fix = args[0].equals("fix");
    Path root = Path.of(args[1]);
    List<String> arguments = new ArrayList<>();
    arguments.add(fix ? "--replace" : "--dry-run");
    arguments.addAll(javaFiles(root));

    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new Main(new PrintWriter(out, true), new PrintWriter(err, true), System.in)
            .format(arguments.toArray(String[]::new));
    System.err.print(err);
    if (status != 0) {
      System.exit(status);
    }
    List<String> unformatted = out.toString().lines().toList();
    if (!unformatted.isEmpty()) {
      System.err.println("Not in google-java-format:");
      unformatted.forEach(f -> System.err.println("  " + root.relativize(Path.of(f))));
      System.err.println("Fix with: tools/format");
      System.exit(1);
    }
  }

  private static List<String> javaFiles(Path root) throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
