// Whoever looks on while a stream hears.
import { expect, test } from 'vitest';
import { Recordings } from '../../../engine/library/recordings';
import { Listener } from '../../../engine/listen/listener';
import { UNHEARD } from '../../../engine/listen/listenStream';
import { temporaryFolder } from '../temporary';
import { babble, openFakeModel } from './fakeNetwork';
import { chunksOf, Speaker } from './speaker';

test('a watch is given the frames of every chunk from then on, until another takes its place or the stream ends', async () => {
  const model = openFakeModel();
  const listener = new Listener({
    recordings: await Recordings.open(await temporaryFolder()),
    openModel: async () => model,
    owner: 1,
    events: UNHEARD,
  });
  const speaker = new Speaker(model.manifest.frontEnd);
  const { streamId } = await listener.start({ modelId: 'fake-live', source: 'microphone' });
  const [first, second, third] = chunksOf(babble(0.3)).map((pcm) => speaker.chunk(streamId, pcm));
  const told: string[] = [];
  const watchAs = (name: string) =>
    listener.watch(streamId, (_model, framesBefore) => {
      told.push(`${name} from ${framesBefore}`);
      return {
        push: (frames) => told.push(`${name} ${frames.length / 6}`),
        end: () => told.push(`${name} ends`),
      };
    });
  const count = (chunk: typeof first): number => chunk!.frames.length / 6;
  await listener.chunk(first!);
  await watchAs('one');
  await listener.chunk(second!);
  await watchAs('two');
  await listener.chunk(third!);
  await listener.finish(speaker.tail(streamId));
  expect(told).toEqual([
    `one from ${count(first)}`,
    `one ${count(second)}`,
    `two from ${count(first) + count(second)}`,
    'one ends',
    `two ${count(third)}`,
    'two ends',
  ]);
});
