/**
 * Prints the one line that scripts and people look for, alone on its line, and then what was skipped and why:
 *
 *     N passed, N failed, N skipped
 *
 * The reason is the bracketed part that `describeWhen` puts into the suite's title.
 */
export default class FinalLineReporter {
  onRunComplete(_contexts, results) {
    const unrunnable = results.testResults.filter((file) => file.testExecError).length;
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + unrunnable;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    const text = ['', line, ...skippedSuites(results), ''].join('\n');
    // Jest's own summary comes after every reporter; ours must be the end.
    process.once('exit', () => process.stdout.write(text));
  }
}

/** One line a skipped suite (or lone test): its title with the reason, and how many tests it holds. */
function skippedSuites({ testResults }) {
  const counts = new Map();
  for (const file of testResults) {
    for (const test of file.testResults) {
      if (test.status !== 'pending' && test.status !== 'todo') continue;
      const titles = [...test.ancestorTitles, test.title];
      const title = titles.find((each) => each.includes('[skipped: ')) ?? titles.join(' › ');
      counts.set(title, (counts.get(title) ?? 0) + 1);
    }
  }
  return [...counts].map(([title, count]) => `  skipped: ${title} (${count})`);
}
