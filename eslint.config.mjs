import { fileURLToPath } from 'node:url';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

const here = fileURLToPath(new URL('.', import.meta.url));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { 'rxjs-x': rxjsX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: here } },
    rules: {
      ...rxjsX.configs.recommended.rules,
      'rxjs-x/no-internal': 'error',
      'rxjs-x/no-unsafe-takeuntil': [
        'error',
        { alias: ['breakOn', 'until'], allow: ['shareLive', 'remember', 'endWith', 'finalize', 'law'] },
      ],
      'rxjs-x/finnish': ['error', { functions: false, methods: false, types: { '^OperatorFunction$': false } }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // An async callback says that its caller waits for it, whether or not it has to wait itself.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  // Imports point one way: bin → src → graph.
  {
    files: ['src/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/(bin|test|scripts)/', message: 'src/ knows nothing of bin/ and test/' }] },
      ],
    },
  },
  {
    files: ['src/diagram/**', 'src/picture/**', 'src/one-line.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/(bin|test|scripts)/', message: 'src/ knows nothing of bin/ and test/' },
            { regex: '^node:', message: 'scenarios and pictures are for browsers, too' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer'],
    },
  },
  {
    files: ['graph/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!rxjs$|ts-pattern$|\\.)', message: 'graph/ is pure: rxjs, ts-pattern and itself' }] },
      ],
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'Buffer',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'performance',
          'Date',
          'console',
        ].map((name) => ({
          name,
          message: 'graph/ has no clock and no world of its own',
        })),
      ],
    },
  },
);
