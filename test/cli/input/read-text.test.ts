import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readTextOf, readTextOfStream } from '../../../src/cli/input/read-text';
import { readTexts } from '../../../src/cli/input/sources';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const file = join(folderWith({ a: 'äbc' }), 'a');
const MEGABYTE = 1024 * 1024;

test('reads a text within the limit', async () => {
  expect(readTextOf(file, 4)).toEqual({ text: 'äbc' });
  expect(await readTextOfStream(pieces([0xc3], [0xa4, 0x62]), 'in', 3)).toEqual({ text: 'äb' });
});

test('rejects a text over the limit', async () => {
  const expected = { problem: expect.objectContaining({ code: 'ADMIT164', expected: 'at most 64 MB' }) };
  expect(readTextOf(file, 3)).toEqual(expected);
  expect(await readTextOfStream(pieces([1, 2], [3, 4]), 'in', 3)).toEqual(expected);
});

test('links to one file count towards the total limit each', async () => {
  const folder = folderWith({ text: 'x'.repeat(40) });
  for (const name of ['a', 'b', 'c', 'd']) symlinkSync('text', join(folder, `${name}.yaml`));
  const { texts } = await readTexts({ judged: [folder] }, { input: () => pieces() }, 100);
  expect(texts.map((one) => ('text' in one ? 'read' : one.problem.code))).toEqual(['read', 'read', 'ADMIT164']);
});

test('stops reading an endless stream', async () => {
  async function* endless() {
    for (;;) yield Buffer.alloc(MEGABYTE, 'a');
  }
  expect(await readTextOfStream(endless(), 'in', 3 * MEGABYTE)).toMatchObject({ problem: { actual: 'larger than 3 MB' } });
});

(existsSync('/dev/zero') ? test : test.skip)('stops reading an endless device', () => {
  expect(readTextOf('/dev/zero', 2 * MEGABYTE)).toMatchObject({ problem: { code: 'ADMIT164' } });
});

test('reports a stream that fails', async () => {
  async function* broken() {
    yield Buffer.from('a');
    throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  }
  expect(await readTextOfStream(broken(), 'in')).toMatchObject({ problem: { code: 'ADMIT163', file: 'in', actual: 'EIO: i/o error' } });
});

async function* pieces(...bytes: number[][]) {
  yield* bytes.map((piece) => Buffer.from(piece));
}
