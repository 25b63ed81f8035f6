import pc from 'picocolors';
import { ASCII, type Io } from '../../../src/cli/io';
import { renderTable } from '../../../src/cli/table';

const io = { colors: pc.createColors(false), symbols: ASCII } as Io;

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

describe('the last column', () => {
  const columns = [{ title: 'event' }, { title: 'error' }];
  const rows = [
    ['a-1', 'something went wrong here'],
    ['a-2', 'short'],
  ];

  it('is cut to the width of a terminal', () => {
    expect(renderTable(columns, rows, { ...io, columns: 20 })).toBe(
      ['EVENT  ERROR', 'a-1    something we~', 'a-2    short'].join('\n'),
    );
  });

  it('is whole where it fits, and where there is no terminal', () => {
    const whole = renderTable(columns, rows, io);
    expect(whole).toContain('something went wrong here');
    expect(renderTable(columns, rows, { ...io, columns: 80 })).toBe(whole);
  });
});
