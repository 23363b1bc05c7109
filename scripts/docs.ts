import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderSvg } from '../src/picture/svg.ts';
import type { Picture } from '../src/picture/picture.ts';
import { filled, picturesIn } from './docs/blocks.ts';
import { operatorsReference } from './docs/operators.ts';
import { measuredFilled, PAGE, PICTURE, published } from './docs/performance.ts';
import { performancePicture } from './docs/performance-picture.ts';
import { pictureOf, read, ROOT } from './docs/project.ts';

/**
 * Everything in the documentation that is generated, as it should be, by its path from the top: README.md and the pages of
 * docs/ with their blocks, images and measured figures filled in, docs/operators.md, and the pictures in docs/pictures/ that
 * they show.
 *
 * @throws when a page asks for a diagram or a file that there is not.
 */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const reference = operatorsReference();
  const pictures = new Map<string, Picture>(reference.pictures);
  for (const path of pages()) {
    const page = read(path);
    for (const name of picturesIn(page)) pictures.set(`pictures/${name}.svg`, pictureOf(name));
    const [intro = '', below] = page.split(OPERATORS);
    const text = filled(intro, path.startsWith('docs/') ? 'pictures' : 'docs/pictures');
    files.set(path, below === undefined ? text : await tidied(`${text}${OPERATORS}\n${reference.markdown}\n`, path));
  }
  for (const [path, picture] of pictures) files.set(`docs/${path}`, renderSvg(picture, { time: 'event' }));
  const results = published();
  files.set(PAGE, await tidied(measuredFilled(files.get(PAGE) ?? '', results), PAGE));
  files.set(PICTURE, performancePicture(results).svg);
  return files;
}

/** The pages in which something can be filled in. */
export const pages = (): readonly string[] => [
  'README.md',
  ...readdirSync(new URL('docs/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The pictures that are there; nothing but generated ones may be among them. */
export const committedPictures = (): readonly string[] =>
  readdirSync(new URL('docs/pictures/', ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(fileURLToPath(ROOT), join(parentPath, name)));

/** As the linter wants it: tables with even columns. */
const tidied = async (text: string, path: string): Promise<string> =>
  format(text, { ...(await resolveConfig(fileURLToPath(new URL(path, ROOT)))), parser: 'markdown' });

/** Everything below this line of a page is the reference of the operators. */
const OPERATORS = '<!-- operators -->\n';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await generated();
  for (const folder of ['operators', 'examples'])
    mkdirSync(new URL(`docs/pictures/${folder}/`, ROOT), { recursive: true });
  for (const path of committedPictures()) if (!files.has(path)) rmSync(new URL(path, ROOT));
  for (const [path, text] of files) writeFileSync(new URL(path, ROOT), text);
}
