// The window over an engine made of functions that has what is large: a set of 20,000 recordings, a run of 100,000 steps.
import { mount } from 'svelte';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/parts.css';
import App from '../../../renderer/App.svelte';
import { theme } from '../../../renderer/styles/theme.svelte';
import { Preferences } from '../../../renderer/views/settings/preferences.svelte';
import { dataRow, dataShelf } from '../../renderer/support/dataShelf';
import { madeEpochs, runShelf, statusOf } from '../../renderer/support/runShelf';

const ROWS = 20_000;
const STEPS = 100_000;
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const wordOf = (number: number): string => WORDS[number % WORDS.length]!;

const rows = Array.from({ length: ROWS }, (_, index) => {
  const text = [7, 13, 101].map((factor) => wordOf(Math.floor(index / factor) * factor + index)).join(' ');
  const seconds = 0.5 + ((index * 7_919) % 400) / 100;
  return dataRow(index, text, {
    speaker: `speaker ${index % 40}`,
    seconds,
    secondsPerSymbol: seconds / text.length,
    notes: index % 50 === 0 ? [{ code: 'slow', params: { seconds: 0.4, median: 0.12 } }] : [],
  });
});
const sets = dataShelf([{ id: 'large', title: 'Large', rows }]);
const { bridge, curves } = runShelf([statusOf({ setId: 'large', state: 'finished' })], STEPS, STEPS);
bridge.answer('runs.weights', () => ({ epochs: [] }));
bridge.answer('runs.epochs', () => ({ epochs: madeEpochs(curves) }));
bridge.answer('data.list', (body) => sets.request('data.list', body));
bridge.answer('data.rows', (body) => sets.request('data.rows', body));
bridge.answer('data.check', (body) => sets.request('data.check', body));

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');
localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en' }));
theme.follow();
mount(App, { target, props: { bridge, preferences: Preferences.load(localStorage) } });
