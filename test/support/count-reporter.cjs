const { appendFileSync } = require('node:fs');

/**
 * Ends the output of a run with one line that scripts can read: `N passed, N failed`, and `, N skipped` if any were. Where
 * COUNTS_FILE names a file, the line goes there instead: whoever set it adds up several runs.
 */
class CountReporter {
  onRunComplete(_contexts, results) {
    // A suite that could not run has no tests to count: it counts as one that failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const counts = [`${results.numPassedTests} passed`, `${failed} failed`];
    if (skipped > 0) counts.push(`${skipped} skipped`);
    const line = `${counts.join(', ')}\n`;
    const file = process.env.COUNTS_FILE;
    if (file) return appendFileSync(file, line);
    // The global teardown and jest itself may print after this: the last line waits until nothing can follow it.
    process.once('exit', () => process.stdout.write(line));
  }
}

module.exports = CountReporter;
