import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small file system of its own, which can be filled up. */
export interface SmallDisk {
  fill(): void;
  free(): void;
  close(): void;
}

const MEGABYTES = 600;
const BLOCK = Buffer.alloc(1024 * 1024);

/** Mounts one at `folder`; says why where that is not permitted. */
export function mountSmallDisk(folder: string): SmallDisk | { readonly refused: string } {
  mkdirSync(folder, { recursive: true });
  const options = ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder];
  const { status, error, stderr } = spawnSync('mount', options, { encoding: 'utf8' });
  if (status !== 0) return { refused: (error?.message ?? stderr).trim() };
  const ballast = join(folder, 'ballast');
  return {
    fill() {
      // What others free meanwhile is taken as well, so that no more than a page is left.
      for (let i = 0; statfsSync(folder).bavail > 0 && i < 2 * MEGABYTES; i++) {
        try {
          writeFileSync(ballast, BLOCK, { flag: 'a' });
        } catch {
          // written as far as it went
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
    close() {
      const { status, stderr } = spawnSync('umount', [folder], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${folder} cannot be unmounted: ${stderr.trim()}`);
    },
  };
}
