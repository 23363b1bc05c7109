import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tourTexts } from '../../../scripts/build/tour.mjs';

const BLOCK = `<!-- tour: a-diagram -->

> **Try it.** Drag \`N\`.
>
> It is _the_ one.
>
> And why.`;

const section = (...parts: readonly string[]): string => ['# Page', 'Intro.', '## What is it?', ...parts].join('\n\n');

test('a section with a block is a step: its prose, the question, and all paragraphs of the answer', () => {
  assert.equal(tourTexts(section('Before.', BLOCK, 'After `a < b`.', '## Another', 'No block.')), [
    {
      heading: 'What is it?',
      diagram: 'a-diagram',
      body: '<p>Before.</p>\n<p>After <code>a &lt; b</code>.</p>',
      question: '<p>Drag <code>N</code>.</p>',
      answer: '<p>It is <em>the</em> one.</p>\n<p>And why.</p>',
    },
  ]);
});

const bodyOf = (...parts: readonly string[]): string | undefined => tourTexts(section(...parts, BLOCK))[0]?.body;

test('pictures, comments and headings of a section are not told, its other quotes are', () => {
  const picture = '<!-- picture: x -->\n\n![What it shows.](pictures/x.svg)';
  assert.is(
    bodyOf('One.', picture, '### Below', '> **Question.** Why?'),
    '<p>One.</p>\n<blockquote>\n<p><strong>Question.</strong> Why?</p>\n</blockquote>',
  );
});

test('links become their text, whether they lead into the project or out of it', () => {
  assert.is(
    bodyOf('See [the `-K`](#k), [RFC](https://example.org), <https://example.org/a> and www.example.org.'),
    '<p>See the <code>-K</code>, RFC, https://example.org/a and www.example.org.</p>',
  );
});

test('a picture in a sentence is left out', () => {
  assert.is(bodyOf('One ![two](x.svg) three.'), '<p>One  three.</p>');
});

test('sections without a question may hold what a step may not', () => {
  assert.equal(tourTexts('## A table\n\n<table></table>'), []);
});

test('what is fenced out of the tour is not told', () => {
  assert.is(bodyOf('One.', '<!-- not in the tour -->', 'Two.', '<!-- end -->', 'Three.'), '<p>One.</p>\n<p>Three.</p>');
});

const REFUSED: readonly (readonly [title: string, parts: readonly string[], reason: RegExp])[] = [
  ['a diagram without a question', ['<!-- tour: x -->'], /no question/],
  [
    'a diagram whose question is somewhere else',
    ['<!-- tour: x -->', 'Text.', '> **Try it.** Q.\n>\n> A.'],
    /no question/,
  ],
  ['a diagram with a quote that is no question', ['<!-- tour: x -->', '> **Question.** Q.\n>\n> A.'], /no question/],
  ['a question of which nothing is there', ['<!-- tour: x -->', '> **Try it.**\n>\n> A.'], /no question behind/],
  ['a question without an answer', ['<!-- tour: x -->', '> **Try it.** Q.'], /no answer/],
  ['a question without a diagram', ['> **Try it.** Q.\n>\n> A.'], /no diagram/],
  ['a diagram that is no name', ['<!-- tour: ../x -->', '> **Try it.** Q.\n>\n> A.'], /no diagram/],
  ['a second block', [BLOCK, BLOCK], /more than one question/],
  ['a second diagram', [BLOCK, '<!-- tour: x -->'], /more than one question/],
  ['a second question', [BLOCK, '> **Try it.** Q.\n>\n> A.'], /more than one question/],
  ['a fence without an end', [BLOCK, '<!-- not in the tour -->', 'Text.'], /without <!-- end -->/],
  ['an end without a fence', [BLOCK, '<!-- end -->'], /<!-- end --> does not belong here/],
  ['a fence in a fence', ['<!-- not in the tour -->', '<!-- not in the tour -->'], /does not belong here/],
  ['elements of HTML', [BLOCK, '<div>Text.</div>'], /HTML instead of Markdown: <div>/],
  [
    'elements of HTML in an answer',
    [`${BLOCK}\n>\n> A <script>alert(1)</script>.`],
    /HTML instead of Markdown: <script>/,
  ],
  [
    'elements of HTML behind a comment',
    [BLOCK, '<!-- x --><script>alert(1)</script>'],
    /HTML instead of Markdown: <!-- x -->/,
  ],
];

for (const [title, parts, reason] of REFUSED) {
  test(`refused, with the title of the section: ${title}`, () => {
    assert.throws(
      () => tourTexts(section(...parts)),
      ({ message }: Error) => message.startsWith('the tour: What is it?: ') && reason.test(message),
    );
  });
}

test('refused: a question before the first section', () => {
  assert.throws(
    () => tourTexts(`# Page\n\n${BLOCK}`),
    /^the tour: above the first section: a question belongs into a section$/,
  );
});

test('the texts of docs/closing.md load nothing and lead nowhere', () => {
  const page = readFileSync(new URL('../../../docs/closing.md', import.meta.url), 'utf8');
  const html = tourTexts(page).flatMap(({ body, question, answer }) => [body, question, answer]);
  assert.ok(html.length > 0);
  for (const text of html) {
    const elements = [...text.matchAll(/<\/?([a-z]*)[^>]*>/g)];
    const strange = elements.filter(([whole, name = '']) => !KNOWN.includes(name) || /\s/.test(whole));
    assert.equal(strange.map(([whole]) => whole), []); // prettier-ignore
    assert.not.match(text, /https?:/);
  }
});

/** Elements that a step may be made of, none of them with attributes. */
const KNOWN = ['p', 'code', 'pre', 'em', 'strong', 'blockquote', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td']; // prettier-ignore

test.run();
