// The tour of the explorer is told in docs/closing.md, and nowhere else.
import { Marked } from 'marked';

/**
 * What the tour tells, in the order of the page: a step for each section (`##`) that has a block
 *
 *     <!-- tour: name-of-the-diagram -->
 *
 *     > **Try it.** What to drag, and what should become of it.
 *     >
 *     > What that shows, for those who have found it.
 *
 * The explorer makes no request: links become their text, pictures are left out. So is what stands between `<!-- not in the tour -->`
 * and `<!-- end -->`.
 *
 * @param {string} markdown the page.
 * @returns {import('../../src/explorer/model/tour.ts').TourText[]}
 * @throws when a block is malformed, with the title of its section.
 */
export const tourTexts = (markdown) => sectionsOf(markdown).flatMap(tourText);

function tourText({ heading, tokens }) {
  const refuse = (reason) => {
    throw new Error(`the tour: ${heading ?? 'above the first section'}: ${reason}`);
  };
  const kept = unfenced(tokens, refuse);
  const [mark, secondMark] = kept.filter(isMark);
  const [block, secondBlock] = kept.filter(isBlock);
  if (mark === undefined && block === undefined) return [];
  if (heading === undefined) refuse('a question belongs into a section');
  const diagram = /^tour: ([\w-]+)$/.exec(commentIn(mark))?.[1];
  if (diagram === undefined) refuse('no diagram: a comment "tour: NAME" stands above the question');
  if (block === undefined || kept[kept.indexOf(mark) + 1] !== block)
    refuse('no question: a quote that begins with "**Try it.**" stands below the diagram');
  if (secondMark !== undefined || secondBlock !== undefined) refuse('more than one question');
  MARKDOWN.walkTokens(kept, (token) => {
    if (token.type === 'html' && commentIn(token) === undefined)
      refuse(`HTML instead of Markdown: ${token.raw.trim()}`);
  });

  const [question, ...answer] = block.tokens.filter(isNoSpace);
  const [, ...asked] = question.tokens;
  if (rawOf(asked) === '') refuse('no question behind "**Try it.**"');
  if (rawOf(answer) === '') refuse('no answer below the question');
  const body = kept.filter((token) => token !== block && token.type !== 'heading' && !isPicture(token));
  return [
    {
      heading,
      diagram,
      body: html(body),
      question: html([{ ...question, tokens: asked }]).replace('<p> ', '<p>'),
      answer: html(answer),
    },
  ];
}

/** The page from one heading of the second level to the next. What comes before the first is no part of the tour. */
function sectionsOf(markdown) {
  const sections = [{ heading: undefined, tokens: [] }];
  for (const token of MARKDOWN.lexer(markdown).filter(isNoSpace)) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ heading: token.text, tokens: [] });
    else sections.at(-1).tokens.push(token);
  }
  return sections;
}

/** Leaves out what is fenced out of the tour. */
function unfenced(tokens, refuse) {
  let fenced = false;
  const kept = tokens.filter((token) => {
    const comment = commentIn(token);
    if (comment !== 'not in the tour' && comment !== 'end') return !fenced;
    if (fenced === (comment === 'not in the tour')) refuse(`<!-- ${comment} --> does not belong here`);
    fenced = !fenced;
    return false;
  });
  if (fenced) refuse('<!-- not in the tour --> without <!-- end -->');
  return kept;
}

const commentIn = (token) => (token?.type === 'html' ? /^<!-- ([^>]*) -->\s*$/.exec(token.raw)?.[1] : undefined);

const isMark = (token) => commentIn(token)?.startsWith('tour:') === true;

const isBlock = ({ type, tokens }) => {
  const [first] = (type === 'blockquote' && tokens[0]?.tokens) || [];
  return first?.type === 'strong' && first.text === 'Try it.';
};

const isNoSpace = ({ type }) => type !== 'space';

const isPicture = ({ type, tokens }) => type === 'paragraph' && tokens.every((part) => part.type === 'image');

const html = (tokens) => MARKDOWN.parser(tokens).trim();

const rawOf = (tokens) =>
  tokens
    .map(({ raw }) => raw)
    .join('')
    .trim();

const MARKDOWN = new Marked({
  renderer: {
    link({ tokens }) {
      return this.parser.parseInline(tokens);
    },
    image: () => '',
    html: () => '',
  },
});
