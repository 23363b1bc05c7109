// The page of the explorer: one file that needs nothing else and asks for nothing else.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { rxjsModules } from './plugins.mjs';
import { tourTexts } from './tour.mjs';

const ROOT = new URL('../../', import.meta.url);

/** Writes dist/explorer.html. */
export async function buildExplorer() {
  const script = await bundled('src/explorer/page/main.tsx', { format: 'iife', minify: true });
  const { colours } = await import(dataUrl(await bundled('src/explorer/page/colours.ts', { format: 'esm' })));
  const style = `${colours()}${await bundled('src/explorer/page/style.css', { minify: true })}`;
  mkdirSync(new URL('dist/', ROOT), { recursive: true });
  writeFileSync(new URL('dist/explorer.html', ROOT), page(script, style));
}

/** A tag in a string of the script would end it. */
const page = (script, style) => {
  const inline = script.trim().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(inline)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="How does a TLS connection end? Drag what happens, and see what s6-tlsd does about it.">
<title>How does a TLS connection end? – marble-tls</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${style}</style>
</head>
<body>
<noscript>This page computes what it shows: it needs JavaScript. The same in words is docs/closing.md of marble-tls.</noscript>
<script>${inline}</script>
</body>
</html>
`;
};

async function bundled(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: fileURLToPath(ROOT),
    bundle: true,
    write: false,
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // What is written beside a program as licences stands in the page itself.
    legalComments: 'inline',
    plugins: [rxjsModules, content],
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].text;
}

/** `explorer:content`: see src/explorer/page/content.d.ts. */
const content = {
  name: 'content',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^explorer:content$/ }, ({ path }) => ({ path, namespace: 'content' }));
    onLoad({ filter: /.*/, namespace: 'content' }, () => ({
      contents: JSON.stringify({ diagrams: diagrams(), tour: tourTexts(read('docs/closing.md')) }),
      loader: 'json',
    }));
  },
};

const diagrams = () =>
  Object.fromEntries(
    readdirSync(new URL('diagrams/', ROOT))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const text = read(`diagrams/${file}`);
        const { title, policy } = parse(text);
        return [file.replace(/\.yaml$/, ''), { title, policy, text }];
      }),
  );

const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');
const hashOf = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const dataUrl = (script) => `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`;

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 -16 32 32"><path d="M0-14 14 0 0 14-14 0z" fill="#1a7f37"/><text y="6" text-anchor="middle" font-family="monospace" font-size="17" font-weight="700" fill="#fff">N</text></svg>';
