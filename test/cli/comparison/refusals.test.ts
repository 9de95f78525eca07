import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { SOUND } from '../meshes';

afterAll(removeFolders);

/** The API server rejects the mode. */
const REJECTED = SOUND.replace('    mode: STRICT', '    mode: STRIKT');
/** An object that isn't in `SOUND`, and that the API server rejects. */
const MORE = `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: new, namespace: shop}\nspec: {host: ratings, subset: []}\n`;
/** A rejected object whose name the API server would generate, and another one. */
const GENERATED_MORE = '---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {generateName: x-, namespace: shop}\nspec: {mtls: {mode: STRIC}}\n';
const GENERATED = `${SOUND}${GENERATED_MORE.replace('STRIC}', 'STRI}')}`;
/** The policy of `SOUND`, rejected. */
const POLICY = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRI}}\n';
const FAILURE = 'new-refused: 1 object would be rejected, and not before the change';

const run = (verb: string, before: string, after: string, ...options: string[]) =>
  command([verb, 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) });

async function reported(verb: string, before: string, after: string, ...options: string[]) {
  const { exitCode, out } = await run(verb, before, after, '-o', 'json', ...options);
  const report = JSON.parse(out);
  expect(validatorOf(verb).validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report };
}

describe.each(['diff', 'plan'])('%s', (verb) => {
  test.each([
    ['an object that NEW changes', SOUND, REJECTED, 1],
    ['an object that NEW adds', SOUND, MORE, 1],
    ['an object whose name is generated, beside a rejected one of its kind', GENERATED, `${GENERATED}${GENERATED_MORE}`, 1],
    ['an object of which OLD has an accepted version, too', `${SOUND}---\n${POLICY}`, REJECTED, 1],
    ['no object: it is rejected in OLD, too', REJECTED, REJECTED, 0],
    ['no object: OLD has another value that is rejected', REJECTED.replace('STRIKT', 'STRIK'), REJECTED, 0],
    ['no object: OLD has what is rejected', REJECTED, SOUND, 0],
  ])('fails for %s', async (_, before, after, expected) => {
    const { exitCode, report } = await reported(verb, before, after, ...verb === 'diff' ? ['--fail-on', 'new-refused'] : []);
    expect([exitCode, report.failures]).toEqual([expected, expected === 1 ? [FAILURE] : []]);
  });

  test('fails by default, and not if the condition isn\'t named', async () => {
    expect((await run(verb, SOUND, REJECTED)).exitCode).toBe(1);
    for (const words of [verb === 'diff' ? 'new-broken,lost' : 'unproven', 'never']) {
      expect((await run(verb, SOUND, REJECTED, '--fail-on', words)).exitCode).toBe(0);
    }
  });

  test('names each object of NEW with its place and the reason', async () => {
    const { report } = await reported(verb, SOUND, REJECTED);
    expect(report.refusals).toEqual([{
      gate: 'new-refused',
      gates: ['new-refused'],
      object: { apiVersion: expect.any(String), kind: 'PeerAuthentication', namespace: 'shop', name: 'default' },
      file: 'new/mesh.yaml',
      line: REJECTED.slice(0, REJECTED.indexOf('STRIKT')).split('\n').length,
      column: expect.any(Number),
      code: 'ADMIT204',
      why: expect.stringMatching(/^spec\.mtls\.mode is .*STRIKT.*; expected .*STRICT.* Fix: /),
      objections: 1,
    }]);
    const { report: both } = await reported(verb, REJECTED, REJECTED);
    expect(both.refusals).toMatchObject([{ gates: [], object: { name: 'default' } }]);
  });

  test('says it in text and in a comment', async () => {
    const { out } = await run(verb, SOUND, REJECTED);
    expect(out).toContain('Rejected by the API server or istiod\n✖ PeerAuthentication shop/default  new/mesh.yaml:');
    expect(out).toMatch(/\n {4}spec\.mtls\.mode is .*STRIKT.*\[ADMIT204\]\n/);
    expect(out).toContain(`\n\n--fail-on ${FAILURE}\n`);
    const comment = (await run(verb, SOUND, REJECTED, '-o', 'markdown')).out;
    expect(comment).toMatch(/^### istio-mtls \w+: ❌ .*1 object/);
    expect(comment).toContain('`PeerAuthentication shop/default` `new/mesh.yaml:');
    const before = (await run(verb, REJECTED, REJECTED)).out;
    expect(before).toContain('▸ PeerAuthentication shop/default  new/mesh.yaml:');
    expect(before).toContain('    rejected before the change, too: spec.mtls.mode is');
    expect(before).not.toContain('--fail-on');
    expect((await run(verb, SOUND, REJECTED, '--fail-on', 'never')).out).toContain('\n⚠ PeerAuthentication shop/default  new/mesh.yaml:');
  });
});

test('annotations name the line, as an error if the object wasn\'t rejected before', async () => {
  const annotations = async (before: string) => (await run('diff', before, REJECTED, '-o', 'github')).out;
  expect(await annotations(SOUND)).toMatch(/^::error file=new\/mesh\.yaml,line=\d+,col=\d+,title=ADMIT204::PeerAuthentication shop\/default would be rejected: spec/m);
  expect(await annotations(REJECTED)).toMatch(/^::warning file=new\/mesh\.yaml,line=\d+,col=\d+,title=ADMIT204::.*rejected before the change, too: spec/m);
});

test('an object that the cluster holds, though it would be rejected, fails nothing; one that NEW breaks does', async () => {
  const onto = (cluster: string, after: string) => command(['diff', 'new', '--onto', 'cluster.yaml'], { cwd: folderWith({ 'cluster.yaml': cluster, 'new/mesh.yaml': after }) });
  expect((await onto(REJECTED, REJECTED)).exitCode).toBe(0);
  expect((await onto(SOUND, REJECTED)).exitCode).toBe(1);
});

test('plan refuses unknown words, and words beside never', async () => {
  for (const words of ['new-broken', 'never,unproven', '']) {
    const { exitCode, error } = await run('plan', SOUND, SOUND, '--fail-on', words);
    expect([exitCode, error]).toEqual([2, expect.stringContaining('expected')]);
  }
});
