// The suite breaks the compiled admission by text; what no longer says so would only be missed where Go is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { SABOTAGES } from '../../conformance/admission/sabotage';

const ADMISSION = join(__dirname, '..', '..', 'lib', 'src', 'admission');

test.each(SABOTAGES)('it can still be broken so that %s', (_, file, text, other) => {
  const parts = readFileSync(join(ADMISSION, file), 'utf8').split(text);
  expect(parts).toHaveLength(2);
  expect(() => new Script(parts.join(other))).not.toThrow();
});
