import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** The living processes that match, as far as they can be seen. */
function processesWhere(matches: (pid: number) => boolean): FoundProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => orFalse(() => isLiving(pid) && matches(pid)))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

/** A folder as the kernel knows it: the same through all mounts and namespaces, and when it has no path any more. */
export interface FolderMark {
  readonly dev: number;
  readonly ino: number;
}

/** Undefined if there is none. */
export function markOf(folder: string): FolderMark | undefined {
  return statSync(folder, { throwIfNoEntry: false });
}

/** Those that work in a folder, e.g. all processes of a PostgreSQL. */
export function processesIn({ dev, ino }: FolderMark): FoundProcess[] {
  return processesWhere((pid) => {
    const cwd = statSync(`/proc/${pid}/cwd`);
    return cwd.dev === dev && cwd.ino === ino;
  });
}

/** Those that have `mark` in their environment or their command, or that work below it. */
export function processesOf(mark: string): FoundProcess[] {
  return processesWhere(
    (pid) =>
      pid !== process.pid &&
      (contains(`/proc/${pid}/environ`, mark) ||
        contains(`/proc/${pid}/cmdline`, mark) ||
        orFalse(() => readlinkSync(`/proc/${pid}/cwd`).startsWith(mark))),
  );
}

function isLiving(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 120);
  } catch {
    return 'gone';
  }
};

const contains = (file: string, text: string): boolean =>
  orFalse(() => readFileSync(file, 'utf8').includes(text));

/** A process may end while it is looked at. */
function orFalse(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}
