import { describe, expect, test } from 'vitest';
import { nodeProblem } from '../../scripts/steps/nodeVersion.mjs';

describe('the version of Node', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeProblem(version)).toBeNull();
  });

  test.each(['20.18.3', '18.20.0', '16.0.0', '0.12.0'])('%s is refused with what to do', (version) => {
    expect(nodeProblem(version)).toMatch(new RegExp(`Node 20.19 or later.*${version}.*Install`));
  });
});
