// npm run build [-- --mode electron9] [--only NAME] [--force]: bundles what has changed since the last build.
import './steps/nodeVersion.mjs';
import { parseArgs } from 'node:util';
import { buildAll } from './steps/build.mjs';
import { createReport, runMain } from './steps/report.mjs';

runMain(async () => {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'production' },
      only: { type: 'string', multiple: true },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(
      'npm run build [-- --mode production|electron9] [--only renderer|main|preload|engine|browser] [--force]',
    );
    return;
  }
  await buildAll(createReport(), { mode: values.mode, only: values.only ?? null, isForced: values.force });
});
