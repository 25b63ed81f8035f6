import { createEncryptionCodec } from '../../connections/encryption-codec';
import { parseEncryptionKeys } from '../../connections/encryption-keys';
import { createCodecServer } from '../../dashboard/create-codec-server';
import { checkTokens, isLoopback, listen } from '../../dashboard/listen';
import { ConfigError } from '../../shared/errors';
import { type CommandDefinition, textOption } from '../command';
import { portOf } from '../port-option';
import { tokensIn } from '../tokens';
import { untilStopped } from '../until-stopped';

const PORT = 8235;
/** Where `nightshift dev` and the Temporal CLI have the Temporal UI. */
const UI = 'http://localhost:8233,http://127.0.0.1:8233';

export const codec: CommandDefinition = {
  name: 'codec',
  summary: 'let the Temporal UI and CLI show what NIGHTSHIFT_ENCRYPTION_KEY has encrypted',
  args: [],
  options: [
    { flags: '--ui <addresses>', summary: `of the Temporal UI, with commas (default: ${UI})` },
    { flags: '--host <address>', summary: 'default 127.0.0.1; any other demands NIGHTSHIFT_TOKEN' },
    { flags: '--port <port>', summary: `default ${PORT}` },
  ],
  example: 'nightshift codec --ui https://temporal.example.com',

  async run(input, io) {
    const key = io.env['NIGHTSHIFT_ENCRYPTION_KEY'];
    if (key === undefined || key === '')
      throw new ConfigError('config_invalid', 'NIGHTSHIFT_ENCRYPTION_KEY is not set', {
        remedies: ['set it to what the worker processes have'],
      });
    const host = textOption(input, 'host') ?? '127.0.0.1';
    const tokens = tokensIn(io.env);
    const what = 'the codec endpoint';
    checkTokens(host, tokens, what);
    const origins = (textOption(input, 'ui') ?? UI).split(',').map(originOf);
    const app = createCodecServer({
      codec: createEncryptionCodec(parseEncryptionKeys(key)),
      tokens,
      isLocal: isLoopback(host),
      origins,
    });
    const port = portOf(input, 'port') ?? PORT;
    const listening = await listen({ app, host, port, what, option: '--port' });
    try {
      io.err(`the codec endpoint for ${origins.join(', ')}: ${listening.url}`);
      io.send({ type: 'ready', url: listening.url });
      await untilStopped(io);
      return 0;
    } finally {
      await listening.close();
    }
  },
};

/** Browsers name a page by scheme, host and port alone. */
function originOf(address: string): string {
  const text = address.trim();
  if (URL.canParse(text)) {
    const { origin } = new URL(text);
    if (/^https?:/.test(origin)) return origin;
  }
  throw new ConfigError('config_invalid', `"${text}" is no address of a Temporal UI`, {
    remedies: ['e.g. --ui http://localhost:8233'],
  });
}
