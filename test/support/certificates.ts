import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** An authority of a test, and what it has signed; its files lie in `folder`. */
export interface Authority extends Certificate {
  sign(name: string, addresses: string): Certificate;
}

const openssl = (args: readonly string[]): void =>
  void execFileSync('openssl', args, { stdio: 'pipe' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Made with the `openssl` command. */
export function createAuthority(folder: string, name: string): Authority {
  const fileOf = (what: string, kind: string): string => join(folder, `${name}-${what}.${kind}`);
  const read = (what: string): Certificate => {
    const [certFile, keyFile] = [fileOf(what, 'crt'), fileOf(what, 'key')];
    return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
  };
  const [ca, caKey] = [fileOf('ca', 'crt'), fileOf('ca', 'key')];
  const subject = ['-subj', `/CN=${name} test authority`, '-days', '2'];
  openssl(['req', '-x509', ...KEY, '-keyout', caKey, '-out', ca, ...subject]);
  return {
    ...read('ca'),
    sign(what, addresses) {
      const [request, extensions] = [fileOf(what, 'csr'), fileOf(what, 'ext')];
      writeFileSync(extensions, `subjectAltName=${addresses}\n`);
      const key = fileOf(what, 'key');
      openssl(['req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${what}`]);
      openssl([
        ...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial'],
        ...['-days', '2', '-extfile', extensions, '-out', fileOf(what, 'crt')],
      ]);
      return read(what);
    },
  };
}
