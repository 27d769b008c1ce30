// Run by Tyto's own build after the example. basedir is the example's copy in target/it; warnings
// of the JVM and log lines are in the same file as the text.
String text = new File(basedir, 'target/output.txt').getText('UTF-8').replaceAll(/(?m)^(WARNING:|\[).*\R/, '')
List<String> words = text.findAll(/[A-Za-z]+/)*.toLowerCase()
assert words.size() >= 50: "too short for a tale: $text"
assert words.count('the') >= 2 && words.count('and') >= 2: "not English: $text"
assert text ==~ /[\p{Print}\s\u2010-\u201f]+/: "not clean text: $text"
true
