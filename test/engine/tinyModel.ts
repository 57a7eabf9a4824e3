// A real network, too small to have learned anything: random weights, drawn wide so that it says many different things.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { RecogniserManifest } from '../../app/contract/model';
import { writeModel } from '../../engine/library/modelFiles';
import { initialParameters } from '../../engine/network/initialise';
import { parameterCount } from '../../engine/network/parameters';
import { fakeManifest } from './listen/fakeNetwork';

const UNITS = 12;
const WIDENING = 6;

export function tinyManifest(direction: 'forward' | 'bidirectional'): RecogniserManifest {
  const fake = fakeManifest(direction);
  const network = { ...fake.network, layers: [{ cell: 'lstm' as const, units: UNITS, direction }] };
  const id = direction === 'forward' ? 'tiny-live' : 'tiny-whole';
  const frontEnd: RecogniserManifest['frontEnd'] = {
    ...fake.frontEnd,
    normalisation: {
      kind: 'training-statistics',
      mean: [60, 0, 0, 0, 0, 0],
      standardDeviation: [20, 10, 10, 2, 2, 2],
    },
  };
  return { ...fake, id, network, frontEnd, card: { ...fake.card, parameters: parameterCount(network) } };
}

/** An assets folder with two models, forward and bidirectional, and no samples. */
export async function writeTinyAssets(folder: string): Promise<void> {
  for (const direction of ['forward', 'bidirectional'] as const) {
    const manifest = tinyManifest(direction);
    const parameters = new Map(
      [...initialParameters(manifest.network, 7)].map(([name, parameter]) => [
        name,
        { ...parameter, values: parameter.values.map((value) => value * WIDENING) },
      ]),
    );
    await writeModel(join(folder, 'models', manifest.id), manifest, parameters, { dtype: 'F32' });
  }
  await fs.writeFile(join(folder, 'models', 'default.json'), '{ "default": "tiny-whole", "live": "tiny-live" }\n');
}
