import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { declaringCalls, SOUND } from '../meshes';

afterAll(removeFolders);

const run = (verb: string, before: string, after: string, ...options: string[]) =>
  command([verb, 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) });

const GOOD = declaringCalls(SOUND, 'shop/ratings');
const TYPO = declaringCalls(SOUND, 'shop/ratngs');

describe.each(['diff', 'plan'])('%s', (verb) => {
  test('says which declaration of NEW is a mistake, what is expected and how to mend it', async () => {
    const said = /Deployment shop\/web of NEW declares its calls by mistake and counts as calling everything: calls\.istio-mtls\/to has .*shop\/ratngs.*; expected a Service of its namespace\. Fix: write .*shop\/ratings.*\[MTLS604\]/;
    for (const before of [GOOD, SOUND, TYPO]) {
      const { out } = await run(verb, before, TYPO, '-o', 'json');
      expect(JSON.parse(out).notes).toContainEqual({ about: 'calls', text: expect.stringMatching(said) });
    }
    const { out, error } = await run(verb, GOOD, TYPO);
    expect(`${out}${error}`.replace(/\s+/g, ' ')).toMatch(said);
  });

  test('says nothing of a mistake that NEW mends, or of a right declaration', async () => {
    for (const [before, after] of [[TYPO, GOOD], [GOOD, GOOD]]) {
      expect((await run(verb, before, after, '-o', 'json')).out).not.toContain('by mistake');
    }
  });
});

test('a comment of plan says so, too', async () => {
  const { out } = await run('plan', GOOD, TYPO, '-o', 'markdown');
  expect(out).toMatch(/^`Deployment shop\/web of NEW declares its calls by mistake.*\[MTLS604\]`$/m);
});
