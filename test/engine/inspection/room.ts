// A room of inspections of one sound by one tiny network, as tests ask it.
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Inspection as Description } from '../../../app/contract/inspection';
import type { EventOf } from '../../../app/contract/messages';
import type { RecogniserManifest } from '../../../app/contract/model';
import { Inspections } from '../../../engine/inspection/inspections';
import { OpenModel } from '../../../engine/listen/openModel';
import { initialParameters } from '../../../engine/network/initialise';
import { temporaryFolder } from '../temporary';
import { tinyManifest } from '../tinyModel';

const WIDENING = 6;

/** Random weights, drawn wide so that it says many different things. */
export function openTiny(changed: Partial<RecogniserManifest['network']> = {}): OpenModel {
  const manifest = tinyManifest('forward');
  const network = { ...manifest.network, ...changed };
  const parameters = new Map(
    [...initialParameters(network, 7)].map(([name, parameter]) => [
      name,
      { ...parameter, values: parameter.values.map((value) => value * WIDENING) },
    ]),
  );
  return new OpenModel({ manifest: { ...manifest, network }, parameters }, 'wasm');
}

export interface Room {
  readonly inspections: Inspections;
  readonly events: EventOf<'inspection.progress'>[];
  readonly folder: string;
  readonly open: () => Promise<Description>;
}
export async function openRoom(model: OpenModel, pcm: Int16Array): Promise<Room> {
  const folder = join(await temporaryFolder(), 'inspections');
  const events: EventOf<'inspection.progress'>[] = [];
  const inspections = await Inspections.open({
    folder,
    soundOf: async () => pcm,
    openModel: async () => model,
    onProgress: (event) => events.push(event),
    onBug: (error) => expect.fail(String(error)),
  });
  onTestFinished(() => inspections.closeAll());
  const sound = { kind: 'sample', sampleId: 'babble' } as const;
  return { inspections, events, folder, open: () => inspections.begin({ sound, modelId: 'tiny-live' }) };
}
