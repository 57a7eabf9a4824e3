// Counts out of the runners' JSON reports. What was skipped, or never came to run, counts as failed: nothing is left out
// in silence.

/** @typedef {{ passed: number, failed: number }} Counts */

/** @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numTotalTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */
/**
 * @param {VitestReport} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function vitestCounts({ numPassedTests, numTotalTests, testResults }, exitCode) {
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status !== 'passed' && assertionResults.length === 0,
  );
  return counts(numPassedTests, numTotalTests - numPassedTests + brokenFiles.length, exitCode);
}

/** @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors?: unknown[] }} PlaywrightReport */
/**
 * @param {PlaywrightReport} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function playwrightCounts({ stats, errors = [] }, exitCode) {
  const failed = stats.unexpected + stats.flaky + stats.skipped;
  return counts(stats.expected, failed === 0 ? errors.length : failed, exitCode);
}

/** A runner that ends with an error and names no failed test has failed once itself; so has one that ran nothing. */
function counts(/** @type {number} */ passed, /** @type {number} */ failed, /** @type {number} */ exitCode) {
  const hasUnnamedFailure = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: hasUnnamedFailure ? 1 : failed };
}

/** @param {number} exitCode @returns {Counts} */
export const checkCounts = (exitCode) => (exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** @param {readonly Counts[]} all @returns {Counts} */
export const sumOf = (all) => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
});

/** @param {Counts} counts */
export const closingLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
