// The house's arrows: renderer → app ← engine, main → app. A room that needs another's thing moves it to app/ or asks by message.
const NODE_CORE = ['core'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'app-imports-no-room',
      comment: 'app/ is what every process shares: it knows no other room.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(engine|main|renderer|test|scripts)/' },
    },
    {
      name: 'app-is-portable',
      comment: 'app/ runs in a window, a worker and in Node: no Node module, no Electron.',
      severity: 'error',
      from: { path: '^app/' },
      to: { dependencyTypes: NODE_CORE },
    },
    {
      name: 'engine-imports-app-alone',
      severity: 'error',
      from: { path: '^engine/' },
      to: { path: '^(main|renderer|test|scripts)/' },
    },
    {
      name: 'main-imports-app-alone',
      comment: "main/ starts the engine's built file; it never imports it.",
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(engine|renderer|test|scripts)/' },
    },
    {
      name: 'renderer-imports-app-alone',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(engine|main|test|scripts)/' },
    },
    {
      name: 'renderer-has-no-node',
      comment: 'The window is sandboxed.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: NODE_CORE },
    },
    {
      name: 'electron-only-in-main',
      severity: 'error',
      from: { path: '^(app|engine|renderer)/' },
      to: { path: '(^|/)node_modules/electron/|^electron$' },
    },
    {
      name: 'native-library-only-in-engine',
      comment: 'The addon hangs in the main process and has no place in a window.',
      severity: 'error',
      from: { path: '^(app|main|renderer)/' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'lab-knows-texts-alone',
      comment:
        'It shows meanings of words as the view of texts does; all else that two views show stands in charts, ui or shell.',
      severity: 'error',
      from: { path: '^renderer/views/lab/' },
      to: { path: '^renderer/views/(?!(lab|texts)/)' },
    },
    {
      name: 'inspect-knows-record-and-texts',
      comment: 'It begins a recording with the button of Record, looks on while it is under way, and looks into texts.',
      severity: 'error',
      from: { path: '^renderer/views/inspect/' },
      to: { path: '^renderer/views/(?!(inspect|record|texts)/)' },
    },
    {
      name: 'no-cycles',
      comment: 'A worker is another program, started by its address: naming it closes no circle.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '\\.(worker|worklet)\\.ts$' } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(worker|url|raw|inline)' },
    },
    {
      name: 'declared-in-package-json',
      severity: 'error',
      from: { path: '^(app|engine|main|renderer)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'browser', 'node', 'default'],
    },
  },
};
