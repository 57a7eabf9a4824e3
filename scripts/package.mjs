// npm run package [-- --vehicle]: the unpacked directory build, as electron-builder.yml describes it.
import './steps/nodeVersion.mjs';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { BuildRecord, fingerprintOf } from './build/fingerprint.mjs';
import { DIST_FOLDERS, buildAll } from './steps/build.mjs';
import { findElectron } from './steps/electron.mjs';
import { PROGRAM_FILES, hashProgramFiles } from './steps/programFiles.mjs';
import { keepBudget, measurePackage, sizeTable } from './steps/packageSizes.mjs';
import { inRoot, root } from './steps/place.mjs';
import { updateFeed } from './steps/updateFeed.mjs';
import { StepError, createReport, runMain } from './steps/report.mjs';
import { findTestElectron } from './steps/testTools.mjs';

const HELP = `npm run package [-- --vehicle]

Writes release/, the app with everything it needs in one folder, and says what takes the space.

  --installers what electron-builder.yml names for this system (AppImage, deb, tar.gz; dmg, zip; nsis, zip)
  --vehicle    packages the test vehicle, Electron 9, into release-electron9/
  --for-tests  packages whichever Electron the tests drive, into release-tests/ or release-electron9/`;

const RECORD = 'package';
/** What goes into the package or decides what does, besides the build and Electron. */
const PACKED = ['assets', 'electron-builder.yml', 'package.json', 'package-lock.json', '.cache/setup.json'];

/** Electron 9 knows none. */
const NO_FUSES = { electronFuses: null };
/** Playwright drives the main process through the inspector; what is given to people refuses it. */
const FUSES_FOR_TESTS = { electronFuses: { enableNodeCliInspectArguments: true } };

/** @param {string} distFolder an unpacked Electron @returns {string} its version */
const versionOf = (distFolder) => readFileSync(join(distFolder, 'version'), 'utf8').trim().replace(/^v/, '');

/** @param {string} output @returns {string} the folder of the app in it */
function unpackedFolder(output) {
  const name = readdirSync(output).find((each) => /(-unpacked|^mac(-\w+)?)$/.test(each));
  if (name === undefined) throw new StepError(`There is no app in ${output}.`);
  return join(output, name);
}

/** @param {boolean} isVehicle @returns {string} the folder of the Electron to pack */
function electronFolder(isVehicle) {
  const binary = isVehicle ? findTestElectron()?.binary : findElectron();
  if (!binary) {
    throw new StepError(
      'There is no Electron to package: run `npm run setup -- --retry` where its download host can be reached, or name the folder of an unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  return process.platform === 'darwin' ? join(dirname(binary), '../../..') : dirname(binary);
}

/** @param {import('electron-builder').Configuration} config @param {boolean} dir the unpacked folder alone */
async function pack(config, dir) {
  const { build } = await import('electron-builder');
  await build({ projectDir: root, dir, publish: 'never', config }).catch((/** @type {Error} */ error) => {
    throw new StepError('The app could not be packaged: mend what is named above, then run it again.', error.message);
  });
}

runMain(async () => {
  const { values } = parseArgs({
    options: {
      vehicle: { type: 'boolean', default: false },
      'for-tests': { type: 'boolean', default: false },
      installers: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const report = createReport();
  const isVehicle = values.vehicle || (values['for-tests'] && findTestElectron()?.isVehicle === true);
  const mode = isVehicle ? 'electron9' : 'production';
  const electronDist = electronFolder(isVehicle);
  await buildAll(report, { mode });
  const output = isVehicle ? 'release-electron9' : values['for-tests'] ? 'release-tests' : 'release';
  const record = new BuildRecord(inRoot(output));
  const fingerprint = fingerprintOf(root, [
    ...PACKED,
    join(DIST_FOLDERS[mode], '.built'),
    join(electronDist, 'version'),
  ]);
  if (!values.installers && record.has(RECORD, fingerprint)) return report.skipped('Package', 'nothing has changed');
  rmSync(inRoot(output), { recursive: true, force: true });
  process.env['UNROLL_DIST'] = DIST_FOLDERS[mode];
  const config = {
    extends: 'electron-builder.yml',
    directories: { output },
    publish: updateFeed(process.env['UNROLL_UPDATES']),
    electronDist,
    electronVersion: versionOf(electronDist),
    ...(isVehicle ? NO_FUSES : {}),
    ...(output === 'release-tests' ? FUSES_FOR_TESTS : {}),
  };
  const listFile = inRoot(DIST_FOLDERS[mode], PROGRAM_FILES);
  writeFileSync(listFile, '{}');
  // Packages lie elsewhere in the app than in the checkout: only what was packed says what lies beside the archive.
  await report.step('What lies beside the archive', output, async () => {
    await pack({ ...config, electronFuses: null, mac: { identity: null } }, true);
    writeFileSync(listFile, JSON.stringify(await hashProgramFiles(unpackedFolder(inRoot(output)))));
  });
  await report.step('Package', output, () => pack(config, !values.installers));
  const sizes = await measurePackage(unpackedFolder(inRoot(output)));
  console.log(sizeTable(sizes));
  keepBudget(sizes);
  if (!values.installers) record.set(RECORD, fingerprint);
});
