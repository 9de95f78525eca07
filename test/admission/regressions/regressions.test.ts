// Objects on which admission once differed from a live API server or from istiod's webhook, with the fields that these refuse.
import { readdirSync, readFileSync } from 'node:fs';
import { admit } from '../../../src/admission/admission';
import { fieldText } from '../../../src/findings/finding';

interface Recorded {
  readonly id: string;
  readonly object: object;
  readonly refused: readonly string[];
}

const recorded = readdirSync(__dirname).filter((file) => file.endsWith('.json')).sort()
  .map((file): Recorded => JSON.parse(readFileSync(`${__dirname}/${file}`, 'utf8')));

test.each(recorded)('the recorded verdict holds: $id', ({ object, refused }) => {
  const errors = admit(object).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ field }) => fieldText(field))).toEqual(refused);
});
