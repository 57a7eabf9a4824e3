// The window while somebody speaks, over an engine made of functions that tells of three layers of 256 units ten times a second. The
// sound comes from Chromium's own microphone of tones; the engine holds it and refuses a piece that does not follow the one before.
import { mount } from 'svelte';
import type { RequestOf } from '../../../app/contract/messages';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/parts.css';
import App from '../../../renderer/App.svelte';
import { theme } from '../../../renderer/styles/theme.svelte';
import { Preferences } from '../../../renderer/views/settings/preferences.svelte';
import { inspectionOf } from '../../renderer/support/inspectShelf';
import { scriptedEngine } from '../../renderer/support/scriptedEngine';

const UNITS = 256;
const STEP_MS = 10;
const EVERY_MS = 100;
const SAMPLES_PER_MS = 16;

const engine = scriptedEngine({ words: [] });
const { bridge } = engine;
const { layers } = inspectionOf('live', { layers: 3, units: UNITS });
const POOL = Float32Array.from({ length: 100 * UNITS }, (_, at) => 0.5 + 0.5 * Math.sin(at / 97));

let timer = 0;
function tell(series: RequestOf<'inspection.watch'>['series']): void {
  const begin = performance.now();
  let told = 0;
  timer = window.setInterval(() => {
    const steps = Math.min(100, Math.floor((performance.now() - begin) / STEP_MS) - told);
    if (steps <= 0) return;
    // Copies, as messages are.
    const values = (): Float32Array => POOL.slice(0, steps * UNITS);
    bridge.emit('inspection.live', {
      streamId: 'stream-1',
      firstStep: told,
      steps,
      series: series.map((each) => ({ ...each, values: values() })),
      leftOut: 0,
    });
    told += steps;
  }, EVERY_MS);
}
bridge.answer('inspection.watch', ({ series }) => {
  window.clearInterval(timer);
  if (series.length > 0) tell(series);
  return { fromStep: 0, stepMs: STEP_MS, layers };
});
/** Milliseconds of sound that the engine holds. */
Object.assign(window, { heldMs: () => engine.pcm().length / SAMPLES_PER_MS });

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');
/** Every figure of every layer is open. */
const tracks = Object.fromEntries(
  layers.flatMap(({ index, activations }) =>
    ['', ...activations.map(({ name }) => `.${name}`)].map((figure) => [
      `inspect.live.${index}.forward${figure}`,
      { isFolded: false, height: 44 },
    ]),
  ),
);
localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en', tracks }));
theme.follow();
mount(App, { target, props: { bridge, preferences: Preferences.load(localStorage) } });
