import ts from 'typescript';
import { readMarks, readRowTexts, splitCases, type RowText } from '../../src/diagram/rows.ts';
import { describeRows } from '../../src/picture/describe.ts';
import type { MarkKind, Picture, PictureRow } from '../../src/picture/picture.ts';
import { tidy } from '../../src/picture/printable.ts';
import { read } from './project.ts';

/** An operator as its file tells it, in Markdown. */
export interface Operator {
  readonly name: string;
  readonly path: string;
  /** `endBy(rules: …): OperatorFunction<…>`. */
  readonly signature: string;
  /** What stands before the diagram: the law. */
  readonly law: string;
  /** The diagram, as it is. */
  readonly rows: string;
  /** What stands behind it: what it completes, errors, unsubscribes, holds; and why. */
  readonly contract: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
}

/** @throws when the file is not built like an operator's (see docs/architecture.md). */
export function readOperator(name: string): Operator {
  const path = `graph/operators/${name}.ts`;
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext, true);
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    const made = declaration?.initializer;
    if (declaration?.name.getText() !== name || made === undefined || !ts.isArrowFunction(made)) continue;
    const comment = ts.getLeadingCommentRanges(source.text, statement.pos)?.at(-1);
    if (comment === undefined) break;
    return {
      name,
      path,
      signature: signatureOf(name, made),
      ...readComment(source.text.slice(comment.pos, comment.end), path),
    };
  }
  throw new Error(`${path} does not export an arrow function ${name} with a comment`);
}

function signatureOf(name: string, made: ts.ArrowFunction): string {
  const types =
    made.typeParameters === undefined ? '' : `<${made.typeParameters.map((type) => type.getText()).join(', ')}>`;
  const parameters = made.parameters.map((parameter) => parameter.getText());
  return `${name}${types}(${parameters.join(', ')}): ${made.type?.getText() ?? 'unknown'}`.replaceAll(/\s+/g, ' ');
}

function readComment(comment: string, path: string): Pick<Operator, 'law' | 'rows' | 'contract' | 'parameters'> {
  const lines = comment
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/^ \* ?/, ''));
  const markdown = lines.join('\n').replaceAll(/\{@link (\w+)\}/g, '`$1`');
  const [, law, rows, rest] = /^([^]+?)\n\n```\n([^]+?)\n```\n\n([^]+)$/.exec(markdown) ?? [];
  if (law === undefined || rows === undefined || rest === undefined) throw new Error(`${path} has no law and diagram`);
  const [contract = '', ...parameters] = rest.split(/^@param /m);
  return {
    law,
    rows,
    contract: contract.trim(),
    parameters: parameters.map((parameter) => {
      const [name = '', ...words] = parameter.trim().split(/\s+/);
      return { name, text: words.join(' ') };
    }),
  };
}

/** The first sentence of a text, on one line. */
export const firstSentence = (text: string): string => /^.*?\.(?= |$)/.exec(tidy(text))?.[0] ?? tidy(text);

/** The diagram of an operator, a picture for each case. */
export function casesOf({ name, law, rows }: Operator): readonly Picture[] {
  const cases = splitCases(readRowTexts(rows));
  return cases.map((own, i) => {
    const drawn = own.map(rowOf);
    const title = cases.length > 1 ? `${name}, case ${String(i + 1)} of ${String(cases.length)}` : name;
    return {
      title,
      description: `${firstSentence(law).replaceAll('`', '')} ${describeRows(drawn)}`,
      rows: drawn,
      caption: [],
    };
  });
}

const rowOf = ({ label, marbles }: RowText): PictureRow => ({
  label: tidy(label),
  group: 'told',
  marks: readMarks(marbles, /\S/).map(({ frame, symbol }) => ({
    time: frame,
    step: frame,
    symbol,
    ...meaningOf(symbol),
  })),
});

function meaningOf(symbol: string): { readonly kind: MarkKind; readonly meaning: string } {
  switch (symbol) {
    case 'N':
      return { kind: 'close_notify', meaning: 'close_notify' };
    case '|':
      return { kind: 'end', meaning: 'end' };
    case '#':
      return { kind: 'fault', meaning: 'fault' };
    case 'T':
      return { kind: 'timer', meaning: 'timer' };
    default:
      return { kind: /\d/.test(symbol) ? 'other' : 'data', meaning: symbol };
  }
}
