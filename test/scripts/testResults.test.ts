import { describe, expect, test } from 'vitest';
import { checkCounts, closingLine, playwrightCounts, sumOf, vitestCounts } from '../../scripts/steps/testResults.mjs';

const file = (status: string, assertions: number) => ({
  status,
  assertionResults: Array<unknown>(assertions).fill({}),
});

describe('counting', () => {
  test('takes what Vitest says', () => {
    const report = { numPassedTests: 5, numTotalTests: 7, testResults: [file('failed', 7)] };
    expect(vitestCounts(report, 1)).toEqual({ passed: 5, failed: 2 });
  });

  test('counts a test file that could not be loaded as failed', () => {
    const report = { numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5), file('failed', 0)] };
    expect(vitestCounts(report, 1)).toEqual({ passed: 5, failed: 1 });
  });

  test('counts an error outside every test as failed', () => {
    const report = { numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5)] };
    expect(vitestCounts(report, 1)).toEqual({ passed: 5, failed: 1 });
  });

  test('counts a run without tests as failed', () => {
    expect(vitestCounts({ numPassedTests: 0, numTotalTests: 0, testResults: [] }, 0)).toEqual({ passed: 0, failed: 1 });
  });

  test('takes what Playwright says, skipped and flaky tests as failed', () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
    expect(playwrightCounts({ stats }, 1)).toEqual({ passed: 3, failed: 4 });
  });

  test('counts an error while Playwright loads as failed', () => {
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    expect(playwrightCounts({ stats, errors: [{}] }, 1)).toEqual({ passed: 0, failed: 1 });
  });

  test('sums up in one line', () => {
    const total = sumOf([checkCounts(0), checkCounts(2), { passed: 10, failed: 1 }]);
    expect(closingLine(total)).toBe('11 passed, 2 failed');
  });
});
