// What a bundle that has to start within milliseconds leaves out, or leaves for later. A plugin that no longer finds what it was
// written for fails the build.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** rxjs gives Node its CommonJS modules, from which nothing can be left out: 350 KB instead of 80, and 10 ms. */
export const rxjsModules = {
  name: 'rxjs as ES modules',
  setup: (build) => {
    const path = fileURLToPath(new URL('node_modules/rxjs/dist/esm/index.js', ROOT));
    build.onResolve({ filter: /^rxjs$/ }, () => ({ path, sideEffects: false }));
  },
};

/**
 * meow carries normalize-package-data and a highlighter of syntax errors, for the package.json that it would search for:
 * 137 KB and 18 ms, most of it tables of licences. Ours is given to it by hand and has nothing to normalize.
 */
export const plainPackage = {
  name: 'meow without normalize-package-data',
  setup: (build) => {
    build.onLoad({ filter: /\/meow\/build\/dependencies\.js$/ }, async ({ path }) => ({
      contents: [
        ['var normalizeExports = requireNormalize();', 'var normalizeExports = {};'],
        ['var libExports = requireLib$1();', 'var libExports = {};'],
        // For configuration files, which we have none of.
        ['createRequire ? createRequire(import.meta.url) : undefined', 'undefined'],
      ].reduce(replaced, await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** meow is loaded by its first call: a connection makes none. */
export const meowOnDemand = {
  name: 'meow on demand',
  setup: (build) => {
    build.onResolve({ filter: /^meow$/ }, ({ namespace }) =>
      namespace === 'on-demand' ? undefined : { path: 'meow', namespace: 'on-demand' },
    );
    build.onLoad({ filter: /^meow$/, namespace: 'on-demand' }, () => ({
      contents: "export default (...parameters) => require('meow').default(...parameters);",
      resolveDir: fileURLToPath(ROOT),
    }));
  },
};

/** These modules of Node are loaded by the first use of something in them: for a connection, after the ServerHello or never. */
export const nodeOnDemand = (...modules) => ({
  name: 'modules of Node on demand',
  setup: (build) => {
    build.onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace !== 'on-demand' && modules.includes(path) ? { path, namespace: 'on-demand' } : undefined,
    );
    build.onLoad({ filter: /^node:/, namespace: 'on-demand' }, async ({ path }) => ({
      contents: Object.keys(await import(path))
        .map((name) => `Object.defineProperty(exports, '${name}', { get: () => require('${path}').${name} });`)
        .join('\n'),
    }));
  },
});

const ROOT = new URL('../../', import.meta.url);

const replaced = (text, [from, to]) => {
  if (text.split(from).length !== 2) throw new Error(`meow is not as it was; not there exactly once: ${from}`);
  return text.replace(from, to);
};
