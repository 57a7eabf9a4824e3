// The commands that train a model from a terminal, as they are typed in the project's folder.
import { isMac } from '../../shell/commands.svelte';

const NAME = 'my-words';
const TAB = '\t';
const isWindows = navigator.platform.startsWith('Win');
const unroll = (rest: string): string => `npm run --silent unroll -- ${rest}`;

export const configFile = `${NAME}.json`;
export const listFile = `${NAME}.tsv`;

/** The beginning of a list of recordings, with words of one's own. */
export function listExample(words: readonly string[]): string {
  const [first = 'left', second = 'right', third = second] = words;
  return [
    ['path', 'transcript', 'speaker'],
    ['take-001.wav', first, 'ana'],
    ['take-002.wav', second, 'ana'],
    ['take-003.wav', `${third} ${first}`, 'bo'],
  ]
    .map((row) => row.join(TAB))
    .join('\n');
}

/** Where the window looks for models of one's own. */
export const modelsFolder = isWindows
  ? '%APPDATA%\\Unroll\\data\\models'
  : isMac
    ? '~/Library/Application\\ Support/Unroll/data/models'
    : '~/.config/Unroll/data/models';

export const train = unroll(`train --config ${configFile} --data ${listFile} --out runs/${NAME}`);
export const evaluate = unroll(`evaluate --model runs/${NAME}/model --data ${NAME}-test.tsv`);
export const transcribe = unroll(`transcribe --model runs/${NAME}/model recording.wav`);
export const install = isWindows
  ? `xcopy /e /i runs\\${NAME}\\model ${modelsFolder}\\${NAME}`
  : `mkdir -p ${modelsFolder} && cp -r runs/${NAME}/model ${modelsFolder}/${NAME}`;
export const help = unroll('train --help');
