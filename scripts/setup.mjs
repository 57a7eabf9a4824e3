// npm run setup [-- --for-tests] [--retry]: everything a fresh clone lacks. Runs on plain Node, before anything is installed.
import './steps/nodeVersion.mjs';
import { parseArgs } from 'node:util';
import { createReport, runMain } from './steps/report.mjs';
import { setUp } from './steps/setUp.mjs';

const HELP = `npm run setup [-- --for-tests] [--retry]

Installs the locked dependencies, native TensorFlow and Electron, and builds. What is done already is skipped; an
interrupted set-up goes on when run again.

  --for-tests  also gets what \`npm test\` needs: a browser, a display and an Electron to drive
  --retry      tries again what could not be had the last time`;

runMain(async () => {
  const { values } = parseArgs({
    options: {
      'for-tests': { type: 'boolean', default: false },
      retry: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  await setUp(createReport(), { isForTests: values['for-tests'], isRetry: values.retry });
});
