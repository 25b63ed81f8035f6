import pc from 'picocolors';
import type { Io } from '../../../src/cli/io';
import { renderTable } from '../../../src/cli/table';

const io = { colors: pc.createColors(false) } as Io;

it('aligns columns two spaces apart, numbers right and grouped, without rules or trailing spaces', () => {
  const columns = [{ title: 'handler' }, { title: 'events', align: 'right' as const }];
  expect(
    renderTable(
      columns,
      [
        ['push', 12_345],
        ['pull_request', 7],
      ],
      io,
    ),
  ).toBe(['HANDLER       EVENTS', 'push          12,345', 'pull_request       7'].join('\n'));
});
