import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const SCREEN_LINES = 60;
const noDefaultExport = {
  direct: true,
  named: true,
  defaultFrom: true,
  namedFrom: true,
  namespaceFrom: true,
};

export default defineConfig(
  globalIgnores([
    'dist*/',
    'release*/',
    'node_modules/',
    '.cache/',
    '.vehicle/',
    'runs/',
    'test-results/',
    'app/portable.d.ts',
  ]),
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off', // TypeScript knows better
      eqeqeq: ['error', 'always'],
      'no-restricted-exports': ['error', { restrictDefaultExports: noDefaultExport }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='ipcMain']",
          message: 'Messages from a window enter at one door: main/ipc.ts.',
        },
        {
          selector: "MemberExpression[property.name='openExternal']",
          message: 'Addresses leave by one door: openAddress in main/main.ts, for addresses of this program alone.',
        },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'Text stays text: cards, transcripts and names of files are no markup.',
        },
      ],
      // Interfaces promise; an implementation that answers at once may still be async.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    files: ['{app,engine,main,renderer}/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: SCREEN_LINES, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['main/ipc.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } } },
  // svelte-check holds the types of components; here they would be looked up once more for every file.
  { files: ['**/*.svelte'], extends: [ts.configs.disableTypeChecked] },
  {
    files: ['test/**'],
    rules: {
      'no-empty-pattern': 'off', // Playwright fixtures take an object pattern, empty where they need nothing
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|fails|skipIf|runIf)$/]',
          message: 'A test runs or is gone.',
        },
      ],
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [ts.configs.disableTypeChecked] },
  // Tools that read a default export.
  { files: ['*.config.{js,ts}', '**/*.config.ts'], rules: { 'no-restricted-exports': 'off' } },
);
