import { expect, it } from 'vitest';
import { updateFeed } from '../../scripts/steps/updateFeed.mjs';

it('an app that is packaged without a place for newer versions asks nobody', () => {
  expect(updateFeed(undefined)).toBeNull();
  expect(updateFeed('')).toBeNull();
});

it('newer versions come from the place that is named', () => {
  expect(updateFeed('https://example.org/unroll')).toEqual({ provider: 'generic', url: 'https://example.org/unroll' });
});

it.each(['http://example.org/', 'file:///tmp', 'example.org'])('newer versions do not come from %s', (address) => {
  expect(() => updateFeed(address)).toThrow('must be an https address');
});
