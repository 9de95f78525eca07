// The picture that README.md begins with: what `istio-mtls check` prints of the example of docs/cli/check.md, on a terminal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalSvg } from '../../../tools/terminal-svg.cjs';
import { command } from '../command/command';
import { folderWith } from '../command/scratch';

const COLUMNS = 100;

export const PICTURE = join(__dirname, '..', '..', '..', 'docs', 'images', 'check.svg');

export async function pictureOfCheck(): Promise<string> {
  const [, mesh] = /```yaml\n([^]*?)```/.exec(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'cli', 'check.md'), 'utf8'))!;
  const cwd = folderWith({ 'dist/shop.k8s.yaml': mesh });
  const { out } = await command(['check', 'dist/'], { cwd, isTerminal: true, columns: COLUMNS, env: { FORCE_COLOR: '1' } });
  return terminalSvg('istio-mtls check finds a connection that cannot be made, the object that breaks it, and the fix', `$ istio-mtls check dist/\n${out}`);
}
