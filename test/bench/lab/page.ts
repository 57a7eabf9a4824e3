// The window's laboratory over experiments that a thread of its own computes.
import { mount } from 'svelte';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/parts.css';
import App from '../../../renderer/App.svelte';
import { theme } from '../../../renderer/styles/theme.svelte';
import { Preferences } from '../../../renderer/views/settings/preferences.svelte';
import { shelf } from '../../renderer/support/shelf';
import type { Question } from './engine.worker';

const worker = new Worker(new URL('./engine.worker.ts', import.meta.url));
const waiting = new Map<number, (result: unknown) => void>();
worker.onmessage = ({ data }: MessageEvent<{ id: number; result: unknown }>) => {
  waiting.get(data.id)?.(data.result);
  waiting.delete(data.id);
};
let asked = 0;
const ask = (name: Question['name'], settings: Question['settings']): Promise<never> =>
  new Promise((resolve) => {
    const id = asked++;
    waiting.set(id, resolve as (result: unknown) => void);
    worker.postMessage({ id, name, settings } satisfies Question);
  });

const bridge = shelf([]);
bridge.answer('lab.transition', (settings) => ask('transition', settings));
bridge.answer('lab.surface', (settings) => ask('surface', settings));
bridge.answer('lab.cell', (settings) => ask('cell', settings));
bridge.answer('lab.reach', (settings) => ask('reach', settings));
bridge.answer('lab.unrolled', (settings) => ask('unrolled', settings));
bridge.answer('lab.trellis', (settings) => ask('trellis', settings));

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');
localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en' }));
theme.follow();
mount(App, { target, props: { bridge, preferences: Preferences.load(localStorage) } });
