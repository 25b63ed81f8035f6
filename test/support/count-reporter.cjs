/** Ends the output of a run with one line that scripts can read: `N passed, N failed`, and `, N skipped` if any were. */
class CountReporter {
  onRunComplete(_contexts, results) {
    // A suite that could not run has no tests to count: it counts as one that failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const counts = [`${results.numPassedTests} passed`, `${failed} failed`];
    if (skipped > 0) counts.push(`${skipped} skipped`);
    const line = `${counts.join(', ')}\n`;
    // The global teardown and jest itself may print after this: the last line waits until nothing can follow it.
    process.once('exit', () => process.stdout.write(line));
  }
}

module.exports = CountReporter;
