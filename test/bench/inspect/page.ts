// The window over an engine made of functions that has heard 60 s of sound through three layers of 256 units. Its values are ready
// before anything is measured, so that what is measured is the window.
import { mount } from 'svelte';
import type { ReplyOf, RequestOf } from '../../../app/contract/messages';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/parts.css';
import App from '../../../renderer/App.svelte';
import { theme } from '../../../renderer/styles/theme.svelte';
import { Preferences } from '../../../renderer/views/settings/preferences.svelte';
import { inspectionOf, inspectShelf, matrixOf } from '../../renderer/support/inspectShelf';

const SIZE = { steps: 6_000, layers: 3, units: 256 };
const LEVELS = 6;

type Asked = RequestOf<'inspection.matrix'>;
const inspection = inspectionOf('ready', SIZE);
const ready = new Map<string, ReplyOf<'inspection.matrix'>>();
/** Layers share their values: only one is computed. */
const nameOf = ({ source, rowsPerColumn, reduce }: Pick<Asked, 'source' | 'rowsPerColumn' | 'reduce'>): string =>
  `${source.kind === 'activation' ? source.activation : source.kind} ${rowsPerColumn} ${reduce}`;

function whole(body: Omit<Asked, 'handle' | 'first' | 'columns'>): ReplyOf<'inspection.matrix'> {
  const name = nameOf(body);
  const known = ready.get(name);
  if (known) return known;
  const columns = Math.ceil(SIZE.steps / body.rowsPerColumn);
  const made = matrixOf(inspection, { ...body, handle: 'ready', first: 0, columns });
  ready.set(name, made);
  return made;
}
for (const { name: activation } of inspection.layers[0]!.activations)
  for (let level = 0; level < LEVELS; level++)
    whole({
      source: { kind: 'activation', layer: 0, direction: 'forward', activation },
      rowsPerColumn: 2 ** level,
      reduce: 'mean',
    });
for (const reduce of ['mean', 'min', 'max'] as const) {
  for (const { name: activation } of inspection.layers[0]!.activations)
    whole({
      source: { kind: 'activation', layer: 0, direction: 'forward', activation },
      rowsPerColumn: SIZE.steps,
      reduce,
    });
  for (let level = 0; level < LEVELS; level++)
    for (const kind of ['logMel', 'features', 'posteriors'] as const)
      whole({ source: { kind }, rowsPerColumn: 2 ** level, reduce });
  whole({ source: { kind: 'logMel' }, rowsPerColumn: SIZE.steps, reduce });
}

const bridge = inspectShelf(SIZE);
/** Questions that wait for their answer: the figures are whole where there are none. */
const waiting = { count: 0 };
bridge.answer('inspection.matrix', async (body) => {
  waiting.count += 1;
  const { width, values } = whole(body);
  const begin = Math.floor(body.first / body.rowsPerColumn) * width;
  // A copy, as a message is.
  const copy = values.slice(begin, begin + body.columns * width);
  await new Promise((resolve) => setTimeout(resolve));
  waiting.count -= 1;
  return { columns: copy.length / width, width, values: copy };
});
Object.assign(window, { waiting });

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');
/** Every figure of every layer is open. */
const tracks = Object.fromEntries(
  inspection.layers.flatMap(({ index, activations }) =>
    activations.map(({ name }) => [`inspect.${index}.forward.${name}`, { isFolded: false, height: 44 }]),
  ),
);
localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en', tracks }));
theme.follow();
mount(App, { target, props: { bridge, preferences: Preferences.load(localStorage) } });
