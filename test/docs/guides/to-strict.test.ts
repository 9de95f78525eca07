// Every command of docs/to-strict.md, run one after the other in one folder.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, loadAll } from 'js-yaml';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const ROOT = join(__dirname, '../../..');
const PAGE = join(ROOT, 'docs/to-strict.md');
const EXAMPLE = join(ROOT, 'examples/boutique');

test('docs/to-strict.md shows what its commands print', async () => {
  const cluster = readFileSync(join(EXAMPLE, 'cluster.yaml'), 'utf8');
  const others = Object.fromEntries(['mesh-tests.yaml', 'calls.json'].map((name) => [name, readFileSync(join(EXAMPLE, name), 'utf8')]));
  const cwd = folderWith({ 'cluster.yaml': cluster, ...others });
  const page = readFileSync(PAGE, 'utf8');
  let shown = page;
  for (const [block, given] of page.matchAll(/```console\n\$ istio-mtls ([^\n]*)\n[^]*?```/g)) {
    const { out, error } = await command(given.split(' '), { cwd });
    expect(error).toBe('');
    shown = shown.replace(block, () => `\`\`\`console\n$ istio-mtls ${given}\n${out}\`\`\``);
    if (given.includes('--out plan')) makeStates(cwd, cluster);
  }
  // To write the page anew: WRITE_PAGES=1 npx jest test/docs/to-strict
  if (process.env.WRITE_PAGES) writeFileSync(PAGE, shown);
  expect(shown).toBe(page);
});

test('docs/to-strict.md shows the ways without auto mTLS', async () => {
  const example = /```yaml\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/cli/check.md'), 'utf8'))![1];
  const permissive = example.slice(0, example.lastIndexOf('---\n')).replace('mode: STRICT', 'mode: PERMISSIVE');
  const config = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata: {mesh: "enableAutoMtls: false"}\n';
  const cwd = folderWith({ 'mesh.yaml': permissive + config });
  const page = readFileSync(PAGE, 'utf8');
  let shown = page;
  const [, ...blocks] = /^## Without auto mTLS\n[^]*?```text\n([^]*?)```[^]*?```text\n([^]*?)```/m.exec(page)!;
  for (const [index, scope] of [[], ['--scope', 'shop']].entries()) {
    const { out } = await command(['plan', 'to-strict', ...scope, 'mesh.yaml'], { cwd });
    shown = shown.replace(`\`\`\`text\n${blocks[index]}\`\`\``, () => `\`\`\`text\n${out}\`\`\``);
  }
  if (process.env.WRITE_PAGES) writeFileSync(PAGE, shown);
  expect(shown).toBe(page);
});

/** The states of the cluster after each folder of the plan, and a change of one. */
function makeStates(folder: string, cluster: string): void {
  const objects = new Map(loadAll(cluster).map((object: any) => [keyOf(object), object]));
  const stages = readdirSync(join(folder, 'plan')).filter((name) => /^\d+$/.test(name)).sort();
  for (const stage of stages) {
    for (const object of documentsOf(join(folder, 'plan', stage, 'apply.yaml'))) objects.set(keyOf(object), object);
    for (const object of documentsOf(join(folder, 'plan', stage, 'delete.yaml'))) objects.delete(keyOf(object));
  }
  writeFileSync(join(folder, 'after.yaml'), textOf([...objects.values()]));
  const [rule] = loadAll(cluster).filter(({ kind }: any) => kind === 'DestinationRule') as any[];
  writeFileSync(join(folder, 'change.yaml'), textOf([...objects.values()].map((object) => (keyOf(object) === keyOf(rule) ? rule : object))));
}

function documentsOf(file: string): any[] {
  try {
    return loadAll(readFileSync(file, 'utf8')) as any[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function keyOf({ kind, metadata: { namespace = '', name } }: any): string {
  return `${kind} ${namespace}/${name}`;
}

function textOf(objects: readonly object[]): string {
  return objects.map((object) => dump(object)).join('---\n');
}
