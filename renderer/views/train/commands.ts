// The commands that train a model from a terminal, as they are typed in the project's folder.
import { isMac } from '../../shell/commands.svelte';

const NAME = 'my-words';
const unroll = (rest: string): string => `npm run --silent unroll -- ${rest}`;
const isWindows = navigator.platform.startsWith('Win');

export const RECIPE = 'assets/recipes/digits.json';
export const TAB = '\t';
export const manifestExample = [
  ['path', 'transcript', 'speaker'],
  ['left-01.wav', 'left', 'ana'],
  ['left-right-01.wav', 'left right', 'ana'],
  ['hold-07.wav', 'hold', 'bo'],
]
  .map((row) => row.join(TAB))
  .join('\n');

/** Where the window looks for models of one's own. */
export const modelsFolder = isWindows
  ? '%APPDATA%\\Unroll\\data\\models'
  : isMac
    ? '~/Library/Application\\ Support/Unroll/data/models'
    : '~/.config/Unroll/data/models';

export const copyRecipe = isWindows ? `copy ${RECIPE.replace(/\//g, '\\')} ${NAME}.json` : `cp ${RECIPE} ${NAME}.json`;
export const train = unroll(`train --config ${NAME}.json --data ${NAME}.tsv --out runs/${NAME}`);
export const evaluate = unroll(`evaluate --model runs/${NAME}/model --data ${NAME}-test.tsv`);
export const transcribe = unroll(`transcribe --model runs/${NAME}/model recording.wav`);
export const install = isWindows
  ? `xcopy /e /i runs\\${NAME}\\model ${modelsFolder}\\${NAME}`
  : `mkdir -p ${modelsFolder} && cp -r runs/${NAME}/model ${modelsFolder}/${NAME}`;
export const help = unroll('train --help');
