import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../../src/picture/html.ts';
import { elementsOf } from './support/markup.ts';
import { countMarks, diagram, diagrams, HOSTILE, pictureOf } from './support/pictures.ts';

test('a page is well-formed HTML, and every mark is a row of a table, too', () => {
  const pictures = diagrams();
  const page = renderHtml(pictures, { time: 'event', title: 'All diagrams' });
  assert.ok(page.startsWith('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'));
  const elements = elementsOf(page);
  assert.is(
    elements.filter(({ path }) => path.endsWith(' tbody tr')).length,
    pictures.reduce((sum, picture) => sum + countMarks(picture), 0),
  );
  assert.equal(
    elements.filter(({ path }) => path.endsWith(' section h2')).map(({ text }) => text),
    pictures.map(({ title }) => title),
  );
});

test('the table tells time, stream and meaning, in the order of time', () => {
  const picture = pictureOf({ 'from  peer': [[2, 1, 'y']], 'to prog': [[0.5, 0, 'x']] });
  const cells = elementsOf(renderHtml([picture], { time: 'scale', title: 'a page' }))
    .filter(({ path }) => /tr t[dh]$/.test(path))
    .map(({ text }) => text);
  assert.equal(cells, ['ms', 'stream', 'what', '0.5', 'to prog', 'meaning of x', '2', 'from peer', 'meaning of y']);
});

test('a page may do nothing but use its own style, and asks nobody for anything', () => {
  const page = renderHtml([diagram('prog-eof-becomes-fin')], { time: 'event', title: 'a page' });
  const policy = 'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;';
  assert.ok(page.includes(`<meta http-equiv="Content-Security-Policy" content="${policy}">`), page.slice(0, 300));
  assert.not.match(
    page.replaceAll('http://www.w3.org/2000/svg', ''),
    /https?:|url\(|@import|<script|<link|src=|\son\w+=/i,
  );
});

test('no id comes twice, and every reference to one leads somewhere', () => {
  const page = renderHtml([diagram('prog-eof-becomes-fin'), diagram('prog-eof-becomes-fin')], {
    time: 'event',
    title: 'twice',
  });
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const [, names = ''] of page.matchAll(/aria-labelledby="([^"]*)"/g)) {
    for (const name of names.split(' ')) assert.ok(ids.includes(name), name);
  }
});

test('no text becomes markup', () => {
  const picture = { ...pictureOf({}), title: HOSTILE, description: HOSTILE, caption: [HOSTILE] };
  const page = renderHtml([picture], { time: 'event', title: HOSTILE });
  assert.not.match(page, /<script/);
  assert.ok(elementsOf(page).length > 10);
});

test.run();
