import type { Io } from '../cli/io';
import { renderTable } from '../cli/table';
import { DEFINITION } from '../definitions/definition';
import type { DatastoreDefinition } from '../definitions/datastore';
import { nameOfType } from '../definitions/types';
import { isDatastore, type ReplScope } from './scope';

/** What is in scope: the answer to `.help`. */
export function renderHelp({ about, definitions }: ReplScope, io: Io): string {
  const { bold, dim } = io.colors;
  const rows = Object.entries(about).map(([name, text]) => [bold(name), text]);
  const defined = [...definitions].map(([name, definition]) => [
    bold(name),
    dim(definition[DEFINITION]),
    isDatastore(definition) ? fieldsOf(definition) : definition.name,
  ]);
  const untitled = (n: number): { title: string }[] =>
    Array.from({ length: n }, () => ({ title: '' }));
  const table = (cells: string[][], columns: number): string =>
    renderTable(untitled(columns), cells, io).split('\n').slice(1).join('\n');
  return [
    table(rows, 2),
    '',
    table(defined, 3),
    '',
    dim('await works everywhere, a promise is awaited anyway; _ is the last value'),
    dim('Tab completes; Ctrl-C ends a line or its waiting; Ctrl-D ends the REPL'),
  ].join('\n');
}

const fieldsOf = ({ fields }: DatastoreDefinition): string =>
  Object.entries(fields)
    .map(([name, type]) => `${name}: ${nameOfType(type)}`)
    .join(', ');
