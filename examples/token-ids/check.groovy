import groovy.json.JsonSlurper

// Run by Tyto's own build after the example. basedir is the example's copy in target/it; warnings
// of the JVM and log lines are in the same file as the ids.
File golden = new File(basedir, '../../../../engine-text/src/test/resources/demo/golden-fp8.json')
def expected = new JsonSlurper().parse(golden).greedy.cases[0].ids
def printed = new File(basedir, 'target/output.txt').readLines().findAll { it ==~ /\d+/ }*.toInteger()
assert printed == expected: "printed $printed, but DeepSeek's own code gives $expected"
true
