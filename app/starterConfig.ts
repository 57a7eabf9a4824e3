// A training configuration to begin with, for words of one's own.
import type { LayerSpec } from './contract/network';
import type { FrontEndSettings } from './features/settings';
import { layersOf, NETWORK_PRESETS } from './networkChoice';

const frontEnd: FrontEndSettings = {
  kind: 'mfcc',
  sampleRateHz: 16000,
  windowMs: 32,
  hopMs: 20,
  window: 'hamming',
  melBands: 26,
  coefficients: 13,
  deltas: 2,
  deltaSpan: 2,
  tailMs: 300,
  normalisation: { kind: 'none' },
};

/** The words of a text as they are learned: lower case, each once, whatever stands between them. */
export function wordsOf(text: string): readonly string[] {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .split(/[\s,;，、；]+/u);
  return [...new Set(words.filter((word) => word !== '').map((word) => word.slice(0, 64)))];
}

/** What `unroll train --config` takes; what is left out has its default there. Without layers: the small network that listens live. */
export function starterConfig(words: readonly string[], layers: readonly LayerSpec[] = layersOf(NETWORK_PRESETS.live)) {
  const list = words.join(' ').slice(0, 440);
  return {
    id: 'my-words',
    name: { en: 'My words', zh: '我的词语' },
    understands: { en: `The words ${list}.`, zh: `词语 ${list}。` },
    frontEnd,
    vocabulary: words,
    network: { layers, dropout: 0.3 },
    training: { epochs: 60, batchFrames: 2000, learningRate: 0.003 },
  };
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * For the sample set, whose ten digits are one recording each: many copies and many small steps make up for it, and a flat start
 * tells from the first where the words lie. See docs/data-sets.md for what it learns in which time.
 */
export function sampleConfig() {
  const layers: LayerSpec[] = [{ cell: 'lstm', units: 128, direction: 'bidirectional' }];
  return {
    ...starterConfig(DIGITS, layers),
    training: { epochs: 300, batchFrames: 1000, learningRate: 0.003, flatStart: { epochs: 60 } },
    augmentation: { copies: 8 },
  };
}
