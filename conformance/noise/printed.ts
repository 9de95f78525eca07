// What `check` prints of Bookinfo as Istio ships it, in docs/noise.md: word for word, so that the page shows no older state.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printed } from './command';

const ROOT = join(__dirname, '..', '..');
const COMMAND = 'istio-mtls check platform/kube networking';

/** The page's text as it would have to be; undefined: it is so. */
export function differingText(istio: string): string | undefined {
  const [, ...args] = COMMAND.split(' ');
  const out = printed(join(ROOT, 'bin', 'istio-mtls'), [...args, '--no-config'], { cwd: join(istio, 'samples', 'bookinfo') });
  const text = `\`${COMMAND}\` prints\n\n\`\`\`text\n${out}\`\`\`\n`;
  return readFileSync(join(ROOT, 'docs', 'noise.md'), 'utf8').includes(text) ? undefined : text;
}
