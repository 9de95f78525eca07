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

test('an annotation that is repeated on the pods isn\'t said to make the workload call everything', async () => {
  const onPods = (mesh: string) => mesh.replace(/(kind: Deployment\nmetadata:\n {2}name: web\n[^]*?template:\n {4}metadata:\n)/, '$1      annotations: { calls.istio-mtls/to: shop/ratings }\n');
  const noted = async (mesh: string) => JSON.parse((await run('diff', SOUND, mesh, '-o', 'json')).out).notes.filter(({ about }: any) => about === 'calls');
  expect(await noted(onPods(GOOD))).toEqual([{
    about: 'calls',
    text: 'Deployment shop/web of NEW repeats the annotation with its calls where it has no effect: calls.istio-mtls/to has \'shop/ratings\'; expected the annotation in the '
      + 'metadata of Deployment shop/web. Fix: remove calls.istio-mtls/to there, or list its calls in metadata.annotations of Deployment shop/web. [MTLS604]',
  }]);
  expect(await noted(onPods(SOUND))).toEqual([{ about: 'calls', text: expect.stringContaining(' declares its calls by mistake and counts as calling everything: ') }]);
});
