import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { SOUND } from '../meshes';

afterAll(removeFolders);

test.each<[string, string[], string]>([
  ['--to STRICT', ['--to', 'STRICT', 'new'], 'plan to-strict PATH'],
  ['--to STRICT after another option', ['--scope', 'shop', 'new', '--to', 'STRICT'], 'plan to-strict PATH'],
  ['--to DISABLE', ['--to=DISABLE', 'new'], 'plan to-disable PATH'],
  ['--to PERMISSIVE', ['new', '--to', 'PERMISSIVE'], 'plan to-permissive PATH'],
  ['--to with an unknown mode', ['--to', 'strict', 'new'], 'plan to-strict PATH, plan to-permissive PATH or plan to-disable PATH'],
  ['--to-trust-domain', ['--to-trust-domain', 'a', 'new'], 'plan to-trust-domain NAME PATH'],
  ['--calls-query', ['--calls-query', '--window', '7d'], 'queries plaintext'],
  ['--refused-query', ['--refused-query'], 'queries refused'],
])('the former option %s is rejected with its replacement', async (_, args, instead) => {
  const { exitCode, out, error } = await command(['plan', ...args], { cwd: folderWith({ 'new/mesh.yaml': SOUND }) });
  expect([exitCode, out, error.split('\n')[0]]).toEqual([2, '', expect.stringMatching(/^error: --[a-z-]+ is a former option of plan; /)]);
  expect(error.split('\n')[0]).toContain(`Fix: run istio-mtls ${instead}`);
  expect((await command(['plan', '--help'])).out).not.toContain(` ${args[0].split('=')[0]} `);
});

test('a folder with a command\'s name needs ./, and options follow the command', async () => {
  const cwd = folderWith({ 'to-strict/mesh.yaml': SOUND, 'old/mesh.yaml': SOUND });
  expect(await command(['plan', './to-strict', 'old'], { cwd })).toMatchObject({ exitCode: 0, out: expect.stringContaining('No change affects connections') });
  expect(await command(['plan', 'old', 'to-strict'], { cwd })).toMatchObject({ exitCode: 0, out: expect.stringContaining('No change affects connections') });
  expect(await command(['plan', 'to-strict', 'to-strict'], { cwd })).toMatchObject({ exitCode: 0, error: '' });
  expect(await command(['plan', '--onto', 'old', 'to-strict'], { cwd })).toMatchObject({ exitCode: 2, error: expect.stringContaining('error: --onto comes before to-strict; expected options after the command. Fix: move it behind to-strict, or write ./to-strict if that is a folder') });
  expect(await command(['plan', '--no-config', 'to-strict', 'old'], { cwd })).toMatchObject({ exitCode: 2, error: expect.stringContaining('error: --no-config comes before to-strict') });
});

test('plans from one state reject a configuration with facts', async () => {
  const cwd = folderWith({ 'mesh.yaml': SOUND, 'base.yaml': SOUND, 'istio-mtls.yaml': 'with: [base.yaml]\n' });
  expect(await command(['plan', 'to-strict', 'mesh.yaml'], { cwd })).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('error: the configuration file sets with; expected all objects of the cluster in PATH') });
  expect(await command(['plan', 'to-strict', '--no-config', 'mesh.yaml'], { cwd })).toMatchObject({ exitCode: 0 });
});
