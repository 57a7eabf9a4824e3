// How far long work is, told often enough to be followed and seldom enough to cost nothing.
const REPORT_EVERY_MS = 100;

/** Tells at most ten times a second, and the end always. */
export function progressReports(report: (done: number, of: number) => void): (done: number, of: number) => void {
  let reportedAt = -Infinity;
  return (done, of) => {
    if (done < of && performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    report(done, of);
  };
}
