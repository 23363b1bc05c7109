import type { Results } from '../results.ts';
import { bulkTable, costTable, otherBulkTables } from './bulk.ts';
import { connectionsTable, echoTable, startupTable } from './latency.ts';
import { figure, nameOf, table } from './markdown.ts';
import { memoryTable } from './memory.ts';
import { heldTable, inARowTable, stalledHandshakesTable } from './resident.ts';
import { targetsTable } from './targets.ts';

/** What is shown of the results, as Markdown, by name and in order. */
export const TABLES: Readonly<Record<string, (results: Results) => string>> = {
  targets: targetsTable,
  machine: ({ machine: { date, cpu, cores, memoryGiB, kernel, versions, load } }) =>
    table(
      ['', ''],
      [
        ['measured', date],
        ['processor', `${cpu}, ${cores} cores`],
        ['memory', `${memoryGiB} GiB`],
        ['kernel', `Linux ${kernel}`],
        ['load before', load.join(', ')],
        ...Object.entries(versions),
      ],
      'left',
    ),
  contenders: ({ contenders }) =>
    table(
      ['', 'how it is run', ''],
      contenders.map((facts) => [nameOf(facts), facts.about, facts.missing ?? '']),
      'left',
    ),
  startup: startupTable,
  connections: connectionsTable,
  echo: echoTable,
  bulk: (results) => bulkTable(results),
  'other suites': otherBulkTables,
  cost: costTable,
  memory: memoryTable,
  'held open': heldTable,
  'in a row': inARowTable,
  'stalled handshakes': stalledHandshakesTable,
  ciphers: ({ ciphers }) =>
    table(
      ['', 'MB/s'],
      ciphers.map(({ cipher, megabytesPerSecond }) => [cipher, figure(megabytesPerSecond, 0)]),
    ),
};
