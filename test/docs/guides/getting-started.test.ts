// The YAML half of docs/getting-started.md, from an empty folder. package-test/newcomer.mjs walks through all of it, with the packed package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stepsOf } from '../../../tools/page-steps.cjs';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { likeBookinfo } from '../../support/meshes/bookinfo';

afterAll(removeFolders);

const FILE = join(__dirname, '../../../docs/getting-started.md');
const PAGE = readFileSync(FILE, 'utf8');
const IDENTITY = { GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@t' };

test('the page shows the actual output for YAML', async () => {
  const cwd = folderWith({ 'mesh/bookinfo.yaml': likeBookinfo() });
  const exitCodes: number[] = [];
  let page = PAGE;
  for (const step of stepsOf(PAGE, '## With YAML')) {
    if ('file' in step) {
      mkdirSync(dirname(join(cwd, step.file)), { recursive: true });
      writeFileSync(join(cwd, step.file), step.text);
    } else if (step.command.startsWith('git ')) {
      execFileSync('sh', ['-c', step.command], { cwd, env: { ...process.env, ...IDENTITY } });
    } else {
      const { out, exitCode } = await command(step.command.replace(/^npx --no-install istio-mtls /, '').split(' '), { cwd });
      page = page.replace(`$ ${step.command}\n${step.printed}`, () => `$ ${step.command}\n${out}`);
      exitCodes.push(exitCode);
    }
  }
  // To write the page anew: WRITE_PAGES=1 npx jest test/docs/getting-started
  if (process.env.WRITE_PAGES) writeFileSync(FILE, page);
  expect(page).toBe(PAGE);
  expect(exitCodes).toEqual([0, 1, 0, 1, 1, 0]);
});

test.each([
  ['TypeScript', 'typescript/main.ts'], ['Python', 'python/main.py'], ['Java', 'java/src/main/java/shop/Main.java'], ['Go', 'go/main.go'],
])('`npm run languages` compiles and runs the page\'s program in %s', (language, file) => {
  const path = `examples/languages/${file}`;
  const [, shown] = new RegExp(`<summary>${language}</summary>\n\n\\[${path}\\]\\(../${path}\\)\n\n\`\`\`\\w+\n([^]*?)\`\`\``).exec(PAGE)!;
  const written = readFileSync(join(__dirname, '../../..', path), 'utf8').trimEnd();
  if (process.env.WRITE_PAGES) writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(shown, () => `${written}\n`));
  expect(shown).toBe(`${written}\n`);
});

test('steps are files, which are named, and commands', () => {
  expect(stepsOf('\n## A\n\nIn `a.yaml` and `b.yaml`:\n\n```yaml\na: 1\n```\n\nThen\n\n```console\n$ c d\ne\n$ f\n```\n\n## B\n', '## A')).toEqual([
    { file: 'b.yaml', text: 'a: 1\n' }, { command: 'c d', printed: 'e\n' }, { command: 'f', printed: '' },
  ]);
  expect(() => stepsOf('\n## A\n\nIt is\n\n```yaml\na: 1\n```\n', '## A')).toThrow('no file is named');
  expect(() => stepsOf('', '## A')).toThrow('there is no \'## A\'');
});
