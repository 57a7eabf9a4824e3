// What the log mel bands under a model's own features are made by.
import type { FrontEndSettings } from './settings';

/** The mel bands under the frames of a front end, in nats, frame by frame the same. */
export const logMelOf = (settings: FrontEndSettings): FrontEndSettings => ({
  ...settings,
  kind: 'log-mel',
  coefficients: settings.melBands,
  deltas: 0,
  normalisation: { kind: 'none' },
});
