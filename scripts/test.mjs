// npm test [-- STAGE…]: set-up for the tests, then every stage; the last line sums them up.
import './steps/nodeVersion.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, inRoot, root } from './steps/place.mjs';
import { StepError, createReport, runMain, seconds } from './steps/report.mjs';
import { run } from './steps/run.mjs';
import { setUp } from './steps/setUp.mjs';
import { checkCounts, closingLine, playwrightCounts, sumOf, vitestCounts } from './steps/testResults.mjs';
import { findChromium, findTestElectron } from './steps/testTools.mjs';

const MINUTE_MS = 60_000;
/** A stage that hangs must not hang the rest. */
const STAGE_LIMIT_MS = 25 * MINUTE_MS;
const resultsFolder = join(cacheFolder, 'test-results');

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} program a file under node_modules or scripts, run with this Node
 * @property {string[]} args
 * @property {string} [needs] another stage, run before it
 * @property {((report: never, exitCode: number) => import('./steps/testResults.mjs').Counts)} [countsOf] where it reports in JSON
 */

/** @param {string} name */
const resultFile = (name) => join(resultsFolder, `${name}.json`);

/** @param {string} name @param {string} project @returns {Stage} */
const vitest = (name, project) => ({
  name,
  program: 'node_modules/vitest/vitest.mjs',
  args: ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${resultFile(name)}`],
  countsOf: vitestCounts,
});

/** @type {Stage[]} */
const STAGES = [
  { name: 'lint', program: 'node_modules/eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: 'format', program: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '--log-level=warn', '.'] },
  {
    name: 'arrows',
    program: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['app', 'engine', 'main', 'renderer'],
  },
  {
    name: 'types',
    program: 'node_modules/svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  { name: 'portable', program: 'node_modules/typescript/bin/tsc', args: ['-p', 'app/tsconfig.json'] },
  vitest('unit', 'node'),
  vitest('window', 'browser'),
  { name: 'package', program: 'scripts/package.mjs', args: ['--for-tests'] },
  {
    name: 'e2e',
    program: 'node_modules/@playwright/test/cli.js',
    args: ['test', '--config', 'test/e2e/playwright.config.ts', '--reporter=list,json'],
    needs: 'package',
    countsOf: playwrightCounts,
  },
];

const HELP = `npm test [-- STAGE…] [--no-setup]

Stages: ${STAGES.map(({ name }) => name).join(', ')}. Without a name all of them run.`;

/** @param {string} name */
function environment(name) {
  const electron = findTestElectron();
  return {
    ...process.env,
    UNROLL_CHROMIUM: findChromium() ?? '',
    UNROLL_TEST_ELECTRON: electron?.binary ?? '',
    UNROLL_TEST_DIST: electron === null ? '' : inRoot(electron.distFolder),
    UNROLL_TEST_IS_VEHICLE: electron?.isVehicle === true ? '1' : '',
    UNROLL_TEST_PACKAGED: electron === null ? '' : packagedProgram(electron.isVehicle),
    PLAYWRIGHT_JSON_OUTPUT_NAME: resultFile(name),
  };
}

/** Where electron-builder puts the program. @param {boolean} isVehicle */
function packagedProgram(isVehicle) {
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  const program =
    {
      darwin: `mac${suffix}/Unroll.app/Contents/MacOS/Unroll`,
      win32: `win${suffix}-unpacked/unroll.exe`,
    }[/** @type {string} */ (process.platform)] ?? `linux${suffix}-unpacked/unroll`;
  return inRoot(isVehicle ? 'release-electron9' : 'release-tests', program);
}

/** @param {Stage} stage */
async function runStage({ name, program, args, countsOf }) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  rmSync(resultFile(name), { force: true });
  const { code, isTimedOut } = await run(process.execPath, [inRoot(program), ...args], {
    cwd: root,
    env: environment(name),
    timeoutMs: STAGE_LIMIT_MS,
    isShown: true,
  });
  const isReported = countsOf !== undefined && existsSync(resultFile(name));
  const counts = isReported
    ? countsOf(/** @type {never} */ (JSON.parse(readFileSync(resultFile(name), 'utf8'))), code)
    : checkCounts(countsOf === undefined ? code : 1);
  const time = seconds(performance.now() - startedAt);
  if (isTimedOut) console.log(`${name} did not end within ${STAGE_LIMIT_MS / MINUTE_MS} minutes and was stopped.`);
  console.log(`── ${name}: ${closingLine(counts)}, ${time}`);
  return { name, counts, time };
}

/** @param {readonly string[]} names */
function stagesCalled(names) {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined)
    throw new StepError(`No stage is called ${unknown}: there are ${STAGES.map(({ name }) => name).join(', ')}.`);
  const called = STAGES.filter(({ name }) => names.length === 0 || names.includes(name));
  const needed = called.map(({ needs }) => needs);
  return STAGES.filter((stage) => called.includes(stage) || needed.includes(stage.name));
}

runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'no-setup': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const stages = stagesCalled(positionals);
  try {
    if (!values['no-setup']) await setUp(createReport(), { isForTests: true });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.log(`${error.details}\n${error.message}\n${closingLine({ passed: 0, failed: 1 })}`);
    return 1;
  }
  mkdirSync(resultsFolder, { recursive: true });
  const results = [];
  for (const stage of stages) results.push(await runStage(stage));
  const total = sumOf(results.map(({ counts }) => counts));
  console.log('');
  for (const { name, counts, time } of results) console.log(`${name.padEnd(10)} ${closingLine(counts)}, ${time}`);
  console.log(closingLine(total));
  return total.failed === 0 ? 0 : 1;
});
